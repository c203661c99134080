import { type RefObject, useEffect, useLayoutEffect } from 'react'
import type { Game } from '../../game/types.ts'
import { NO_PANEL, type PanelCover, useHudStore } from './hud_store.ts'

/** Room's name above, tools below, CSS px. */
const BARS = { top: 60, bottom: 72, left: 0 }
/** What the page's styles are told. */
const NAMES = ['--panel-right', '--panel-bottom', '--tools-bottom']
/** A panel that is as wide as the screen is a sheet at its lower edge. */
const SHEET_SHARE = 0.8

/** A panel says how much of the room it covers, for as long as it is open. */
export function useCoverBy(panel: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const shown = panel.current
    if (shown === null) return undefined
    const measure = () => useHudStore.setState({ panelCover: coverOf(shown) })
    const observer = new ResizeObserver(measure)
    observer.observe(shown)
    window.addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', measure)
      useHudStore.setState({ panelCover: NO_PANEL })
    }
  }, [panel])
}

/** From where the panel rests: it is still on its way there. */
function coverOf(panel: HTMLElement): PanelCover {
  const { offsetLeft, offsetTop, offsetWidth } = panel
  const isSheet = offsetWidth > window.innerWidth * SHEET_SHARE
  return isSheet ? { right: 0, bottom: window.innerHeight - offsetTop } : { right: window.innerWidth - offsetLeft, bottom: 0 }
}

/** The room's picture, and what is shown over it, keep to what is free. */
export function useCover(game: Game): void {
  const { right, bottom } = useHudStore(({ panelCover }) => panelCover)
  useEffect(() => {
    game.setCover({ ...BARS, right, bottom: Math.max(BARS.bottom, bottom) })
    const { style } = document.documentElement
    style.setProperty('--panel-right', `${right}px`)
    style.setProperty('--panel-bottom', `${bottom}px`)
    style.setProperty('--tools-bottom', `${BARS.bottom - 12}px`)
  }, [game, right, bottom])
  useEffect(
    () => () => {
      for (const name of NAMES) document.documentElement.style.removeProperty(name)
    },
    [],
  )
}
