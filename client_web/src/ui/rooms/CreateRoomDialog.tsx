import { useEffect, useId, useState } from 'react'
import { useNavigate } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { Access } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { loadTemplates, useTemplates } from '../../state/templates.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Field } from '../components/Field.tsx'
import { Notice } from '../components/Notice.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { useSubmit } from '../login/useSubmit.ts'
import { capacityProblem } from './capacity.ts'
import { TemplateChoice } from './TemplateChoice.tsx'

/** Opens a room from a floor plan and walks in. */
export function CreateRoomDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [capacity, setCapacity] = useState('50')
  const [access, setAccess] = useState<Access>('public')
  const { templates, error } = useTemplates()
  const { problems, busy, submit } = useSubmit(['name', 'max_capacity'])
  const navigate = useNavigate()
  const form = useId()
  const template = chosen ?? templates?.[0]?.id ?? null

  useEffect(() => void loadTemplates(), [])

  return (
    <Dialog
      title={t('create.title')}
      onClose={onClose}
      width="wide"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" form={form} look="primary" busy={busy} disabled={template === null}>
            {t('create.submit')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="space-y-6"
        onSubmit={(event) => {
          event.preventDefault()
          if (template === null) return
          const given = name.trim()
          const checks = { name: given === '' ? t('create.missing.name') : null, max_capacity: capacityProblem(capacity) }
          void submit(checks, async () => {
            const room = await api.createRoom({ name: given, template, max_capacity: Number(capacity), access })
            await navigate(`/rooms/${room.id}`)
          })
        }}
      >
        <div className="grid gap-5 sm:grid-cols-[1fr_9rem]">
          <Field
            label={t('create.name')}
            placeholder={t('create.name.placeholder')}
            problem={problems.fields.name}
            value={name}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
          <Field
            label={t('create.capacity')}
            problem={problems.fields.max_capacity}
            value={capacity}
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => setCapacity(event.target.value)}
            end={<span className="pr-3 text-sm text-ink-faint">{t('create.capacity.unit')}</span>}
          />
        </div>
        {error === null ? (
          <TemplateChoice templates={templates} chosen={template} onChoose={setChosen} />
        ) : (
          <Notice kind="problem">
            <p>{t('create.templates.failed')}</p>
            <button type="button" className="mt-1 underline underline-offset-2" onClick={() => void loadTemplates()}>
              {t('app.retry')}
            </button>
          </Notice>
        )}
        <div>
          <p className="mb-2 text-sm font-semibold">{t('access.title')}</p>
          <Segmented
            label={t('access.title')}
            value={access}
            options={[
              { value: 'public', label: t('access.public') },
              { value: 'unlisted', label: t('access.unlisted') },
              { value: 'members', label: t('access.members') },
            ]}
            onChange={setAccess}
          />
          <p className="mt-2 text-sm text-ink-faint">{t(`access.${access}.hint`)}</p>
        </div>
        {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
      </form>
    </Dialog>
  )
}
