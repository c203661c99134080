import { Archive, ArchiveRestore, Trash2 } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useNavigate } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { deleteRoom } from '../../state/rooms.ts'
import { Button } from '../components/Button.tsx'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { Field } from '../components/Field.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { Select } from '../components/Select.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useSubmit } from '../login/useSubmit.ts'
import type { SectionProps } from './section.ts'

/** Copying the room, giving it away and closing it. */
export function MoreSection(props: SectionProps) {
  const { rights } = props.room
  return (
    <div className="space-y-5">
      {rights.includes('copy') && <CopyPanel {...props} />}
      {rights.includes('transfer') && <TransferPanel {...props} />}
      {rights.includes('archive') && <ArchivePanel {...props} />}
      {rights.includes('delete') && <DeletePanel room={props.room} />}
    </div>
  )
}

function CopyPanel({ room }: SectionProps) {
  const [name, setName] = useState(t('copy.suggestion', { name: room.name }).slice(0, 80))
  const { problems, busy, submit } = useSubmit(['name'])
  const navigate = useNavigate()
  return (
    <Panel title={t('copy.title')} lead={t('copy.lead')}>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          const given = name.trim()
          void submit({ name: given === '' ? t('copy.missing') : null }, async () => {
            const copy = await api.copyRoom(room.id, given)
            await navigate(`/rooms/${copy.id}/settings/general`)
          })
        }}
      >
        <Field label={t('copy.name')} problem={problems.fields.name} value={name} maxLength={80} autoComplete="off" onChange={(event) => setName(event.target.value)} />
        <SaveRow action={t('copy.submit')} busy={busy} saved={false} problem={problems.form} />
      </form>
    </Panel>
  )
}

function TransferPanel({ room, onRoom }: SectionProps) {
  const load = useCallback((signal?: AbortSignal) => api.members(room.id, signal), [room.id])
  const { value } = useLoad(load)
  const [chosen, setChosen] = useState('')
  const [asking, setAsking] = useState(false)
  const candidates = value?.filter(({ user }) => !user.is_guest && user.id !== room.owner.id) ?? []
  const name = candidates.find(({ user }) => user.id === chosen)?.user.username ?? ''
  return (
    <Panel title={t('transfer.title')} lead={t('transfer.lead')}>
      {value !== null && candidates.length === 0 ? (
        <p className="text-sm text-ink-faint">{t('transfer.nobody')}</p>
      ) : (
        <div className="flex flex-wrap items-end gap-3">
          <Select
            label={t('transfer.to')}
            value={chosen}
            options={[{ value: '', label: t('transfer.choose') }, ...candidates.map(({ user }) => ({ value: user.id, label: user.username }))]}
            onChange={setChosen}
            className="min-w-56 flex-1"
          />
          <Button className="!h-12" disabled={chosen === ''} onClick={() => setAsking(true)}>
            {t('transfer.submit')}
          </Button>
        </div>
      )}
      {asking && (
        <ConfirmDialog
          title={t('transfer.confirm.title', { name })}
          body={t('transfer.confirm.body', { name, room: room.name })}
          action={t('transfer.submit')}
          danger
          onConfirm={async () => onRoom(await api.handOver(room.id, chosen))}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  )
}

function ArchivePanel({ room, onRoom }: SectionProps) {
  const [asking, setAsking] = useState(false)
  const { problems, busy, submit } = useSubmit([])
  return (
    <Panel title={t('archive.title')} lead={t('archive.lead')}>
      {room.archived_at === null ? (
        <Button icon={<Archive size={17} aria-hidden="true" />} onClick={() => setAsking(true)}>
          {t('archive.submit')}
        </Button>
      ) : (
        <div className="space-y-3">
          <Notice kind="remark">{t('archive.isArchived')}</Notice>
          <Button busy={busy} icon={<ArchiveRestore size={17} aria-hidden="true" />} onClick={() => void submit({}, async () => onRoom(await api.archiveRoom(room.id, false)))}>
            {t('archive.undo')}
          </Button>
        </div>
      )}
      {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
      {asking && (
        <ConfirmDialog
          title={t('archive.confirm.title', { name: room.name })}
          body={t('archive.confirm.body')}
          action={t('archive.submit')}
          onConfirm={async () => onRoom(await api.archiveRoom(room.id, true))}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  )
}

function DeletePanel({ room }: { room: Room }) {
  const [asking, setAsking] = useState(false)
  const navigate = useNavigate()
  return (
    <Panel title={t('delete.title')} lead={t('delete.lead')} danger>
      <Button look="danger" icon={<Trash2 size={17} aria-hidden="true" />} onClick={() => setAsking(true)}>
        {t('delete.submit')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('delete.confirm.title', { name: room.name })}
          body={t('delete.confirm.body')}
          action={t('delete.submit')}
          danger
          onConfirm={async () => {
            await deleteRoom(room)
            await navigate('/rooms')
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  )
}
