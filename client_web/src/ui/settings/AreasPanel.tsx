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
import { areasWith, AREA_ROLES, type AreaRole } from './areas.ts'
import { roleWord } from './roles.ts'

/** Parts of the map that only some may enter. */
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
            <li key={zone.id} className="flex items-center gap-3 px-3.5 py-2">
              <span className="min-w-0 flex-1 text-sm font-semibold break-words">{zone.name}</span>
              <Select
                quiet
                label={t('areas.who', { area: zone.name })}
                value={(areas.find((area) => area.zone === zone.id)?.min_role ?? 'everyone') as AreaRole}
                options={AREA_ROLES.map((value) => ({ value, label: value === 'everyone' ? t('areas.everyone') : t('areas.from', { role: roleWord(value).toLowerCase() }) }))}
                onChange={(role) => setAreas(areasWith(areas, zone.id, role))}
                className="w-44"
              />
            </li>
          )}
        </LoadedList>
        <SaveRow action={t('access.save')} busy={busy} saved={saved} problem={problems.form} />
      </form>
    </Panel>
  )
}
