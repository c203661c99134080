import { useMemo, useState } from 'react'
import type { Layout } from '../../media/preferences.ts'
import type { Linked } from '../../media/store.ts'
import { FrontRow, pageOf } from './front_row.ts'
import { gridSize, type Space, stripSize } from './room_for.ts'

export interface Arrangement {
  /** Who has a tile now. */
  readonly shown: readonly Linked[]
  /** How many more there are. */
  readonly more: number
  readonly page: number
  readonly pages: number
  readonly setPage: (page: number) => void
}

/** Who of a crowd is in view: in a row whoever speaks, in a grid page by page. */
export function useArrangement(linked: readonly Linked[], layout: Layout, space: Space): Arrangement {
  const [wanted, setPage] = useState(0)
  const [row] = useState(() => new FrontRow())
  const size = layout === 'grid' ? gridSize(space) : stripSize(space)
  return useMemo(() => {
    if (layout === 'grid') {
      const { shown, page, pages } = pageOf(linked, size, wanted)
      return { shown, more: linked.length - shown.length, page, pages, setPage }
    }
    const front = row.arrange(linked, size)
    const shown = linked.filter(({ person }) => front.includes(person.userId))
    return { shown, more: linked.length - shown.length, page: 0, pages: 1, setPage }
  }, [linked, layout, size, wanted, row])
}
