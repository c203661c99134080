import { useCallback, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Area, Room } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { LoadedList } from '../components/LoadedList.tsx'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { Select } from '../components/Select.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useSaved } from '../components/useSaved.ts'
import { useSubmit } from '../login/useSubmit.ts'
import type { MapZone } from '../../game/types.ts'
import { areasWith, AREA_ROLES, type AreaRole, roleRule } from './areas.ts'
import { roleWord } from './roles.ts'

/** Parts of the map with rules of their own: who may enter, how many, and whether they can be locked. */
export function AreasPanel({ room, onRoom }: { room: Room; onRoom: (room: Room) => void }) {
  const load = useCallback(async (signal?: AbortSignal) => (await api.roomMap(room.id, signal)).zones.filter(({ kind }) => kind !== 'spawn'), [room.id])
  const loaded = useLoad(load)
  const [areas, setAreas] = useState<readonly Area[]>(room.areas)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit([])
  if (loaded.value?.length === 0) return null
  return (
    <Panel title={t('areas.title')} lead={t('areas.lead')}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, async () => {
            onRoom(await api.changeRoom(room.id, { areas: [...areas] }))
            markSaved()
          })
        }}
      >
        <LoadedList label={t('areas.title')} loaded={loaded} empty="">
          {(zone) => (
            <AreaRules key={zone.id} zone={zone} rules={areas.find((area) => area.zone === zone.id) ?? { zone: zone.id }} onChange={(change) => setAreas(areasWith(areas, zone.id, change))} />
          )}
        </LoadedList>
        <SaveRow action={t('access.save')} busy={busy} saved={saved} problem={problems.form} />
      </form>
    </Panel>
  )
}

interface AreaRulesProps {
  zone: MapZone
  rules: Area
  onChange: (change: Partial<Omit<Area, 'zone'>>) => void
}

/** Who may enter one area, how many, and whether those inside may lock it; what is not chosen is as the map says. */
function AreaRules({ zone, rules, onChange }: AreaRulesProps) {
  const capacity = rules.capacity ?? zone.capacity ?? 0
  const isLockable = rules.lockable ?? zone.lockable ?? false
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-2.5">
      <span className="min-w-40 flex-1 text-sm font-semibold break-words">{zone.name}</span>
      <label className="flex items-center gap-2 text-sm text-ink-soft">
        {t('areas.most')}
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={5000}
          aria-label={t('areas.mostIn', { area: zone.name })}
          placeholder={t('areas.any')}
          value={capacity === 0 ? '' : capacity}
          onChange={({ target }) => onChange({ capacity: target.value === '' ? 0 : Math.max(0, Math.min(5000, target.valueAsNumber || 0)) })}
          className="tabular h-10 w-20 rounded-md border border-line bg-raised px-2.5 text-ink shadow-near transition-colors hover:border-line-strong focus-visible:outline-offset-0"
        />
      </label>
      <label className="flex h-10 items-center gap-2 text-sm text-ink-soft">
        <input type="checkbox" aria-label={t('areas.lockableIn', { area: zone.name })} checked={isLockable} onChange={({ target }) => onChange({ lockable: target.checked })} className="size-4.5 accent-brand" />
        {t('areas.lockable')}
      </label>
      <Select
        quiet
        label={t('areas.who', { area: zone.name })}
        value={(rules.min_role ?? 'everyone') as AreaRole}
        options={AREA_ROLES.map((value) => ({ value, label: value === 'everyone' ? t('areas.everyone') : t('areas.from', { role: roleWord(value).toLowerCase() }) }))}
        onChange={(role) => onChange({ min_role: roleRule(role) })}
        className="w-44"
      />
    </li>
  )
}
