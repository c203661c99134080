import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { Portrait } from '../look/Portrait.tsx'
import { nameList } from './names.ts'

/** Who is close enough to talk to. Where the room is a list, that list says it. */
export function NearStrip() {
  const near = useGameStore((state) => state.near)
  const people = useGameStore((state) => state.people)
  const isDrawn = useGameStore((state) => state.detail !== 'audio')
  const here = near.flatMap((id) => people.get(id) ?? [])
  return (
    <div role="status" className="max-w-full">
      {isDrawn && here.length > 0 && (
        <p className="glass flex max-w-full animate-rise items-center gap-2.5 rounded-full py-1.5 pr-4 pl-1.5 text-sm">
          <span className="flex shrink-0 -space-x-2" aria-hidden="true">
            {here.slice(0, 4).map((person) => (
              <span key={person.id} className="rounded-full ring-2 ring-surface">
                <Portrait look={person.look} size={28} />
              </span>
            ))}
          </span>
          <span className="truncate">
            <span className="text-ink-faint">{t('near.to')} </span>
            <span className="font-semibold">{nameList(here.map(({ name }) => name))}</span>
          </span>
        </p>
      )}
    </div>
  )
}
