import { LayoutGrid, RectangleEllipsis, ScreenShare } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { changePreferences, usePreferences } from '../../media/preferences.ts'
import { useMediaStore } from '../../media/store.ts'
import { IconButton } from '../components/IconButton.tsx'
import { MediaHints } from './MediaHints.tsx'
import { useMediaKeys } from './media_keys.ts'
import { PersonTile } from './PersonTile.tsx'
import { SelfTile } from './SelfTile.tsx'
import { Stage } from './Stage.tsx'
import { isSameChoice, type StageChoice, stageOf } from './stage.ts'
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
  const stage = stageOf(linked, chosen, putAway)
  const owner = linked.find(({ person }) => person.userId === stage?.userId)
  const self = hideSelf ? null : ownCamera
  const inGrid = layout === 'grid' && stage === null && linked.length > 0
  useView(linked, stage, inGrid)
  const reduce = () => {
    if (stage?.what === 'screen') setPutAway(new Set([...putAway, stage.userId]))
    setChosen(null)
  }
  const choose = (choice: StageChoice) => {
    if (isSameChoice(choice, stage)) reduce()
    else setChosen(choice)
  }
  const others = linked.filter(({ person, screen }) => screen !== null && !(stage?.what === 'screen' && stage.userId === person.userId))

  return (
    <div className="pointer-events-none absolute inset-x-3 top-16 bottom-36 flex flex-col items-center gap-3 sm:bottom-32">
      {(linked.length > 0 || self !== null) && (
        <div className={`flex max-w-full min-h-0 items-start gap-2 ${inGrid ? 'w-full max-w-[60rem] flex-1' : ''}`}>
          <ul
            aria-label={t('media.people')}
            className={
              inGrid
                ? 'pointer-events-auto grid max-h-full flex-1 grid-cols-[repeat(auto-fit,minmax(min(100%,14rem),1fr))] gap-3 overflow-y-auto p-1'
                : 'flex items-start gap-2 overflow-x-auto p-1 [scrollbar-width:none]'
            }
          >
            {self !== null && <SelfTile stream={self} fills={inGrid} />}
            {linked.map((each) => (
              <PersonTile key={each.person.userId} linked={each} fills={inGrid} onEnlarge={() => choose({ userId: each.person.userId, what: 'camera' })} />
            ))}
          </ul>
          {linked.length > 0 && (
            <div className="glass pointer-events-auto flex shrink-0 flex-col rounded-xl p-0.5">
              <IconButton
                label={t(inGrid ? 'media.layout.strip' : 'media.layout.grid')}
                icon={inGrid ? <RectangleEllipsis size={17} /> : <LayoutGrid size={17} />}
                onClick={() => {
                  reduce()
                  changePreferences({ layout: inGrid ? 'strip' : 'grid' })
                }}
              />
              {others.map(({ person }) => (
                <IconButton
                  key={person.userId}
                  label={t('media.showScreen', { name: person.name })}
                  icon={<ScreenShare size={17} />}
                  onClick={() => setChosen({ userId: person.userId, what: 'screen' })}
                />
              ))}
            </div>
          )}
        </div>
      )}
      {stage !== null && owner !== undefined && <Stage owner={owner} what={stage.what} onPutAway={reduce} />}
      <MediaHints onDevices={onDevices} />
    </div>
  )
}
