import { useCallback, useState } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import type { Portal } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { Select } from '../components/Select.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useSaved } from '../components/useSaved.ts'
import { useSubmit } from '../login/useSubmit.ts'
import { portalAround } from './portal_place.ts'
import type { SectionProps } from './section.ts'

const TILE_PX = 32

/** Ways from this room into others. */
export function PortalsSection({ room, place }: SectionProps) {
  const load = useCallback((signal?: AbortSignal) => api.portals(room.id, signal), [room.id])
  const loaded = useLoad(load)
  const [problem, setProblem] = useState<string | null>(null)
  const remove = (portal: Portal) => {
    setProblem(null)
    api.removePortal(room.id, portal.number).then(
      () => loaded.change((portals) => portals.filter(({ number }) => number !== portal.number)),
      (error: unknown) => setProblem(wordsFor(error)),
    )
  }
  return (
    <div className="space-y-5">
      <Panel title={t('portals.new')} lead={t('portals.lead')}>
        {place === null ? <Notice kind="remark">{t('portals.goInside')}</Notice> : <NewPortal roomId={room.id} place={place} onAdded={() => void loaded.reload()} />}
      </Panel>
      <Panel title={t('portals.title')}>
        {problem !== null && <Notice kind="problem">{problem}</Notice>}
        <LoadedList label={t('portals.title')} loaded={loaded} empty={t('portals.none')}>
          {(portal) => (
            <li key={portal.number} className="flex items-center gap-3 px-3.5 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="text-sm font-semibold break-words">{portal.name}</p>
                <p className="text-xs text-ink-faint">{portal.room.people > 0 ? counted('rooms.people', portal.room.people) : t('rooms.people.none')}</p>
              </div>
              <Button look="quiet" className="!h-9" aria-label={t('portals.remove', { name: portal.name })} onClick={() => remove(portal)}>
                {t('app.remove')}
              </Button>
            </li>
          )}
        </LoadedList>
      </Panel>
    </div>
  )
}

interface NewPortalProps {
  roomId: string
  /** Where one stands, px. */
  place: { x: number; y: number }
  onAdded: () => void
}

function NewPortal({ roomId, place, onAdded }: NewPortalProps) {
  const load = useCallback((signal?: AbortSignal) => Promise.all([api.rooms(signal), api.roomMap(roomId, signal)]), [roomId])
  const { value, error } = useLoad(load)
  const [target, setTarget] = useState('')
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit([])
  if (value === null) return error === null ? <div className="h-24 animate-pulse-soft rounded-lg bg-sunken" /> : <Notice kind="problem">{wordsFor(error)}</Notice>
  const [rooms, map] = value
  const targets = rooms.filter(({ id, archived_at }) => id !== roomId && archived_at === null)
  if (targets.length === 0) return <p className="text-sm text-ink-faint">{t('portals.nowhere')}</p>
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit({}, async () => {
          await api.addPortal(roomId, { ...portalAround(place, map.width * TILE_PX, map.height * TILE_PX), room_id: target })
          setTarget('')
          markSaved()
          onAdded()
        })
      }}
    >
      <Select
        label={t('portals.to')}
        value={target}
        options={[{ value: '', label: t('portals.choose') }, ...targets.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={setTarget}
      />
      <SaveRow action={t('portals.add')} busy={busy} saved={saved} disabled={target === ''} problem={problems.form} />
    </form>
  )
}
