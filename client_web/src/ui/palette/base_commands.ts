import { CircleStop, Footprints, Gauge, Keyboard, Link2, List, LogOut, Map, MessageSquareText, Mic, MicOff, Minus, Moon, PersonStanding, Plus, ScreenShare, Settings, SlidersHorizontal, Sun, UserRound, Video, VideoOff } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import { choosePresence, usePresence } from '../../state/presence.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { areasOf } from '../outline/outline.ts'
import { STATUS_CHOICES } from '../presence/StatusForm.tsx'
import { copyText } from '../room/copy_text.ts'
import type { Command, Hud } from '../room/hud.ts'
import { announce } from '../room/news.ts'
import { promptWords } from '../room/prompt_words.ts'
import { nextZoom } from '../room/zoom.ts'
import { sectionsFor } from '../settings/sections.ts'

const DETAILS = ['auto', 'full', 'saver', 'audio'] as const

/** Walks somewhere and says so, for those who do not see it. */
function go(name: string, walk: () => void): void {
  walk()
  announce(t('palette.walking', { name }))
}

function media(): Command[] {
  const { own, controls } = useMediaStore.getState()
  if (controls === null) return []
  const words = t('palette.words.media')
  return [
    { id: 'microphone', group: 'actions', title: t(own.microphone === 'on' ? 'media.mic.on' : 'media.mic.off'), words, icon: own.microphone === 'on' ? MicOff : Mic, run: () => controls.toggleMicrophone() },
    { id: 'camera', group: 'actions', title: t(`media.camera.${own.camera}`), words: t('palette.words.camera'), icon: own.camera === 'on' ? VideoOff : Video, run: () => controls.toggleCamera() },
    { id: 'screen', group: 'actions', title: t(own.screen === 'on' ? 'media.screen.on' : 'media.screen.off'), words: t('palette.words.screen'), icon: ScreenShare, run: () => controls.toggleScreen() },
  ]
}

function people(hud: Hud): Command[] {
  const { people: here, selfId } = useGameStore.getState()
  return [...here.values()]
    .filter(({ id }) => id !== selfId)
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name }) => ({ id: `person ${id}`, group: 'people', title: t('palette.goTo', { name }), icon: UserRound, run: () => go(name, () => hud.game.walkToPerson(id)) }))
}

function places(hud: Hud): Command[] {
  const areas = areasOf(hud.map).map(
    ({ id, name, x, y }): Command => ({ id: `area ${id}`, group: 'places', title: t('palette.goTo', { name }), icon: Footprints, run: () => go(name, () => hud.game.walkTo(x, y)) }),
  )
  const things = hud.parts.landmarks(hud).map(
    ({ id, name, state, icon, x, y }): Command => ({
      id: `thing ${id}`,
      group: 'places',
      title: t('palette.goTo', { name }),
      ...(state !== undefined && { hint: state }),
      icon,
      run: () => go(name, () => hud.game.walkTo(x, y)),
    }),
  )
  return [...areas, ...things]
}

function statuses(): Command[] {
  const { live, me } = usePresence.getState()
  if (!live) return []
  return STATUS_CHOICES.filter((status) => status !== me.status).map((status) => ({
    id: `status ${status}`,
    group: 'status',
    title: t('palette.status', { status: t(`presence.${status}`) }),
    icon: MessageSquareText,
    run: () => choosePresence({ status }),
  }))
}

function view(): Command[] {
  const { detail, minimap } = useSettings.getState()
  const dark = document.documentElement.dataset.theme === 'dark'
  return [
    { id: 'minimap', group: 'room', title: t(minimap ? 'map.hide' : 'map.show'), icon: Map, run: () => changeSettings({ minimap: !minimap }) },
    { id: 'theme', group: 'room', title: t(dark ? 'palette.theme.light' : 'palette.theme.dark'), words: t('settings.theme'), icon: dark ? Sun : Moon, run: () => changeSettings({ theme: dark ? 'light' : 'dark' }) },
    ...DETAILS.filter((each) => each !== detail).map(
      (each): Command => ({ id: `detail ${each}`, group: 'room', title: `${t('detail.title')}: ${t(`detail.${each}`)}`, words: t('palette.words.detail'), icon: Gauge, run: () => changeSettings({ detail: each }) }),
    ),
  ]
}

/** What every room's palette has: moving, speaking, finding, and the room itself. */
export function baseCommands(hud: Hud): Command[] {
  const { game, room, parts } = hud
  const zoom = (by: 1 | -1) => () => game.setZoom(nextZoom(useGameStore.getState().zoom, by))
  const { prompt } = useGameStore.getState()
  return [
    ...media(),
    ...(prompt === null ? [] : [{ id: 'prompt', group: 'actions', title: promptWords(prompt), hint: 'E', icon: PersonStanding, run: () => game.interact() } satisfies Command]),
    { id: 'stop', group: 'actions', title: t('place.stop'), icon: CircleStop, run: () => game.walkTo(...here(hud)) },
    ...people(hud),
    ...places(hud),
    ...parts.panels
      .filter((panel) => panel.isOffered?.(hud) !== false)
      .map(({ id, label, icon, shortcut }): Command => ({ id: `panel ${id}`, group: 'panels', title: t(label), ...(shortcut !== undefined && { hint: shortcut.toUpperCase() }), icon, run: () => hud.showPanel(id) })),
    { id: 'help', group: 'panels', title: t('tool.help'), hint: '?', icon: Keyboard, run: () => hud.showDialog('help') },
    { id: 'settings', group: 'panels', title: t('tool.settings'), icon: Settings, run: () => hud.showDialog('settings') },
    { id: 'devices', group: 'panels', title: t('media.devices'), icon: SlidersHorizontal, run: () => hud.showDialog('devices') },
    ...statuses(),
    { id: 'zoom in', group: 'room', title: t('tool.zoomIn'), hint: '+', icon: Plus, run: zoom(1) },
    { id: 'zoom out', group: 'room', title: t('tool.zoomOut'), hint: '−', icon: Minus, run: zoom(-1) },
    ...view(),
    { id: 'link', group: 'room', title: t('people.copyLink'), words: t('palette.words.link'), icon: Link2, run: () => void copyText(`${location.origin}/rooms/${room.id}`).then((copied) => copied && announce(t('people.copied'))) },
    ...(sectionsFor(room.rights).length > 0 ? [{ id: 'room settings', group: 'room', title: t('roomSettings.title'), icon: SlidersHorizontal, run: () => hud.showDialog('room') } satisfies Command] : []),
    { id: 'tour', group: 'room', title: t('settings.tour'), icon: List, run: () => hud.showDialog('tour') },
    { id: 'leave', group: 'room', title: t('tool.leave'), words: t('palette.words.leave'), icon: LogOut, run: () => hud.leave() },
  ]
}

function here({ game: { line } }: Hud): [number, number] {
  const place = line.placeOf(line.self)
  return [place?.x ?? 0, place?.y ?? 0]
}
