import { useRef, useState } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import { changePreferences, usePreferences } from '../../media/preferences.ts'
import { type Linked, useMediaStore } from '../../media/store.ts'
import { LayoutButtons, PageButtons } from './LayoutButtons.tsx'
import { MediaHints } from './MediaHints.tsx'
import { useBottom } from '../room/useBottom.ts'
import { useMediaKeys } from './media_keys.ts'
import { PersonTile } from './PersonTile.tsx'
import { SelfTile } from './SelfTile.tsx'
import { Stage } from './Stage.tsx'
import { useShownElsewhere } from './shown_elsewhere.ts'
import { isSameChoice, speakerOf, type StageChoice, stageOf } from './stage.ts'
import { useArrangement } from './useArrangement.ts'
import { useSpace } from './useSpace.ts'
import { useView } from './useView.ts'

const NOBODY: ReadonlySet<string> = new Set()

/** Sound and picture over the room: those one talks with, what they share, and what stands in the way. */
export function MediaLayer({ onDevices }: { onDevices: () => void }) {
  useMediaKeys()
  const linked = useMediaStore((state) => state.linked)
  const ownCamera = useMediaStore((state) => state.ownCamera)
  const { hideSelf, layout } = usePreferences()
  const [chosen, setChosen] = useState<StageChoice | null>(null)
  const [putAway, setPutAway] = useState(NOBODY)
  const speaker = useSpeaker(linked, layout === 'speaker')
  const layer = useRef<HTMLDivElement>(null)
  const space = useSpace(layer)
  const elsewhere = useShownElsewhere(({ users }) => users)
  const stage = stageOf(linked, chosen, new Set([...putAway, ...elsewhere]), speaker)
  const inGrid = layout === 'grid' && stage.length === 0 && linked.length > 0
  const { shown, more, page, pages, setPage } = useArrangement(linked, inGrid ? 'grid' : 'strip', space)
  const self = hideSelf ? null : ownCamera
  const row = useRef<HTMLDivElement>(null)
  const hasRow = linked.length > 0 || self !== null
  useBottom(row, '--tiles-bottom', hasRow && !inGrid)
  useView(linked, shown, stage, inGrid)

  const reduce = (choice: StageChoice) => {
    if (choice.what === 'screen') setPutAway(new Set([...putAway, choice.userId]))
    else if (chosen === null) changePreferences({ layout: 'strip' })
    setChosen(null)
  }
  const enlarge = (userId: string) => {
    const choice: StageChoice = { userId, what: 'camera' }
    setChosen(isSameChoice(choice, chosen) ? null : choice)
  }
  const hidden = linked.filter(({ person, screen }) => screen !== null && !elsewhere.includes(person.userId) && !stage.some((each) => each.what === 'screen' && each.userId === person.userId))

  return (
    <div ref={layer} className="below-signs beside-panel pointer-events-none absolute bottom-[max(9rem,calc(var(--panel-bottom,0px)+0.5rem))] left-3 flex flex-col items-center gap-3 transition-[right] duration-200 sm:bottom-32">
      {hasRow && (
        <div ref={row} className={`flex max-w-full min-h-0 items-start gap-2 ${inGrid ? 'w-full max-w-[72rem] flex-1' : ''}`}>
          <ul
            aria-label={t('media.people')}
            className={
              inGrid
                ? 'pointer-events-auto grid max-h-full flex-1 grid-cols-[repeat(auto-fit,minmax(min(100%,13.5rem),1fr))] gap-3 overflow-y-auto p-1'
                : 'flex items-start gap-2 overflow-x-auto p-1 [scrollbar-width:none]'
            }
          >
            {self !== null && <SelfTile stream={self} fills={inGrid} />}
            {shown.map((each) => (
              <PersonTile key={each.person.userId} linked={each} fills={inGrid} onEnlarge={() => enlarge(each.person.userId)} />
            ))}
          </ul>
          {!inGrid && more > 0 && (
            <button
              type="button"
              onClick={() => {
                setChosen(null)
                changePreferences({ layout: 'grid' })
              }}
              className="glass pointer-events-auto mt-1 h-15 shrink-0 animate-fade rounded-lg px-3 text-sm font-semibold whitespace-nowrap hover:text-brand-ink"
            >
              {counted('media.more', more)}
            </button>
          )}
          {linked.length > 0 && (
            <LayoutButtons
              layout={layout}
              onLayout={(next) => {
                setChosen(null)
                changePreferences({ layout: next })
              }}
              screens={hidden}
              onScreen={(userId) => setChosen({ userId, what: 'screen' })}
            />
          )}
        </div>
      )}
      {inGrid && pages > 1 && <PageButtons page={page} pages={pages} onPage={setPage} />}
      {stage.length > 0 && (
        <div className={`grid min-h-0 w-full max-w-[76rem] gap-3 max-sm:pointer-events-auto max-sm:auto-rows-max max-sm:overflow-y-auto sm:flex-1 ${stage.length > 1 ? 'sm:auto-rows-fr sm:grid-cols-2' : 'max-w-[68rem] sm:grid-rows-1'}`}>
          {stage.map((choice) => {
            const owner = linked.find(({ person }) => person.userId === choice.userId)
            return owner === undefined ? null : <Stage key={`${choice.what} ${choice.userId}`} owner={owner} what={choice.what} onPutAway={() => reduce(choice)} />
          })}
        </div>
      )}
      <MediaHints onDevices={onDevices} />
    </div>
  )
}

/** Whom the large picture follows; null: nobody. */
function useSpeaker(linked: readonly Linked[], follows: boolean): string | null {
  const [speaker, setSpeaker] = useState<string | null>(null)
  const now = follows ? speakerOf(linked, speaker) : null
  if (now !== speaker) setSpeaker(now)
  return now
}
