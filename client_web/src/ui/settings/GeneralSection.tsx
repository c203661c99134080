import { useState } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { Field } from '../components/Field.tsx'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { Select } from '../components/Select.tsx'
import { Switch } from '../components/Switch.tsx'
import { TextArea } from '../components/TextArea.tsx'
import { useSaved } from '../components/useSaved.ts'
import { useSubmit } from '../login/useSubmit.ts'
import { capacityProblem } from '../rooms/capacity.ts'
import type { SectionProps } from './section.ts'

const TILE_PX = 32
const MOST_TILES = 32
const USUAL_TILES = 5

/** For how long messages are kept; a number of days that was chosen elsewhere is among them. */
function daysOptions(chosen: number | null): { value: string; label: string }[] {
  const days = [...new Set([7, 30, 90, 365, ...(chosen === null ? [] : [chosen])])].toSorted((a, b) => a - b)
  return [{ value: '', label: t('general.chatDays.forever') }, ...days.map((each) => ({ value: String(each), label: t('general.chatDays.some', { count: each }) }))]
}

/** What the room is called and how it behaves. */
export function GeneralSection({ room, onRoom }: SectionProps) {
  const [name, setName] = useState(room.name)
  const [description, setDescription] = useState(room.description)
  const [capacity, setCapacity] = useState(String(room.max_capacity))
  const [radius, setRadius] = useState(room.proximity_px)
  const [isKept, setKept] = useState(room.chat_kept)
  const [days, setDays] = useState(room.chat_days)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit(['name', 'description', 'max_capacity', 'proximity_px'])
  const tiles = radius === null ? null : Math.round(radius / TILE_PX)

  return (
    <Panel title={t('general.title')}>
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          const given = name.trim()
          const checks = { name: given === '' ? t('create.missing.name') : null, max_capacity: capacityProblem(capacity) }
          void submit(checks, async () => {
            const change = { name: given, description: description.trim(), max_capacity: Number(capacity), proximity_px: radius, chat_kept: isKept, chat_days: days }
            onRoom(await api.changeRoom(room.id, change))
            markSaved()
          })
        }}
      >
        <div className="grid gap-5 sm:grid-cols-[1fr_9rem]">
          <Field label={t('general.name')} problem={problems.fields.name} value={name} maxLength={80} autoComplete="off" onChange={(event) => setName(event.target.value)} />
          <Field
            label={t('general.capacity')}
            problem={problems.fields.max_capacity}
            value={capacity}
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => setCapacity(event.target.value)}
            end={<span className="pr-3 text-sm text-ink-faint">{t('create.capacity.unit')}</span>}
          />
        </div>
        <TextArea
          label={t('general.description')}
          hint={t('general.description.hint')}
          problem={problems.fields.description}
          value={description}
          maxLength={500}
          onChange={(event) => setDescription(event.target.value)}
        />
        <div>
          <p className="mb-1.5 text-sm font-semibold">{t('general.radius')}</p>
          <Segmented
            label={t('general.radius')}
            value={tiles === null ? 'default' : 'own'}
            options={[
              { value: 'default', label: t('general.radius.default') },
              { value: 'own', label: t('general.radius.own') },
            ]}
            onChange={(choice) => setRadius(choice === 'default' ? null : USUAL_TILES * TILE_PX)}
          />
          {tiles !== null && (
            <div className="mt-3 flex items-center gap-4">
              <input
                type="range"
                min={1}
                max={MOST_TILES}
                value={tiles}
                aria-label={t('general.radius')}
                aria-valuetext={counted('general.radius.steps', tiles)}
                onChange={(event) => setRadius(Number(event.target.value) * TILE_PX)}
                className="h-8 flex-1 accent-brand"
              />
              <span className="tabular w-20 text-right text-sm font-semibold">{counted('general.radius.steps', tiles)}</span>
            </div>
          )}
          <p className="mt-1.5 text-sm text-ink-faint">{problems.fields.proximity_px ?? t('general.radius.hint')}</p>
        </div>
        <div className="space-y-4">
          <Switch label={t('general.chat')} hint={t('general.chat.hint')} on={isKept} onChange={setKept} />
          {isKept && (
            <Select
              label={t('general.chatDays')}
              value={days === null ? '' : String(days)}
              options={daysOptions(room.chat_days)}
              onChange={(choice) => setDays(choice === '' ? null : Number(choice))}
            />
          )}
        </div>
        <SaveRow action={t('general.save')} busy={busy} saved={saved} problem={problems.form} />
      </form>
    </Panel>
  )
}
