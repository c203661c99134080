import { ChevronLeft, ChevronRight, GalleryHorizontal, LayoutGrid, ScreenShare, UserRound } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { type Layout, LAYOUTS } from '../../media/preferences.ts'
import type { Linked } from '../../media/store.ts'
import { IconButton } from '../components/IconButton.tsx'

const ICONS = { strip: GalleryHorizontal, speaker: UserRound, grid: LayoutGrid }

interface LayoutButtonsProps {
  layout: Layout
  onLayout: (layout: Layout) => void
  /** Whose screens are shared and not in view. */
  screens: readonly Linked[]
  onScreen: (userId: string) => void
}

/** How the pictures stand, and what else there is to see. */
export function LayoutButtons({ layout, onLayout, screens, onScreen }: LayoutButtonsProps) {
  const next = LAYOUTS[(LAYOUTS.indexOf(layout) + 1) % LAYOUTS.length]!
  const Next = ICONS[next]
  return (
    <div className="glass pointer-events-auto flex shrink-0 rounded-xl p-0.5 max-sm:flex-col">
      <span className="hidden sm:flex">
        {LAYOUTS.map((each) => {
          const Icon = ICONS[each]
          return <IconButton key={each} label={t(`media.layout.${each}`)} icon={<Icon size={17} />} pressed={each === layout} onClick={() => onLayout(each)} />
        })}
      </span>
      <span className="sm:hidden">
        <IconButton label={t(`media.layout.${next}`)} icon={<Next size={17} />} onClick={() => onLayout(next)} />
      </span>
      {screens.map(({ person }) => (
        <IconButton key={person.userId} label={t('media.showScreen', { name: person.name })} icon={<ScreenShare size={17} />} onClick={() => onScreen(person.userId)} />
      ))}
    </div>
  )
}

/** Leafs through a grid that is larger than the screen. */
export function PageButtons({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  return (
    <nav aria-label={t('media.pages')} className="glass pointer-events-auto flex items-center gap-1 rounded-full px-1 text-sm font-semibold">
      <IconButton label={t('media.page.before')} icon={<ChevronLeft size={17} />} disabled={page === 0} onClick={() => onPage(page - 1)} />
      <span className="tabular" role="status">
        {t('media.page', { page: page + 1, pages })}
      </span>
      <IconButton label={t('media.page.after')} icon={<ChevronRight size={17} />} disabled={page === pages - 1} onClick={() => onPage(page + 1)} />
    </nav>
  )
}
