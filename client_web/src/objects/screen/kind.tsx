import { MonitorPlay } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { box, footShadow, picture } from '../pictures.ts'
import { screenState } from './state.ts'

const ScreenDialog = lazy(() => import('./ScreenDialog.tsx').then((module) => ({ default: module.ScreenDialog })))
const ScreenEditor = lazy(() => import('./ScreenEditor.tsx').then((module) => ({ default: module.ScreenEditor })))

const kind: ObjectKind = {
  name: 'screen',
  icon: MonitorPlay,
  label: 'object.screen',
  about: 'object.screen.about',
  placedBy: 'moderator',
  size: () => [128, 32],
  picture: ({ state }) => {
    const isOn = screenState({ state }).show.kind !== 'nothing'
    return picture(`screen ${isOn}`, 128, 72, (context, width, height) => {
      footShadow(context, width, height)
      box(context, 60, 52, 8, 17, '#3a4046', 1, null)
      box(context, 2, 2, 124, 54, '#2a2f34', 3)
      const glow = context.createLinearGradient(0, 5, 0, 53)
      glow.addColorStop(0, isOn ? '#bfe3f2' : '#1a2126')
      glow.addColorStop(1, isOn ? '#6fa9c4' : '#0f1417')
      context.fillStyle = glow
      context.fillRect(5, 5, 118, 48)
      context.fillStyle = isOn ? 'rgba(255, 255, 255, 0.65)' : 'rgba(255, 255, 255, 0.06)'
      if (isOn) for (const [row, w] of [54, 86, 72].entries()) context.fillRect(16, 16 + row * 11, w, 5)
      else {
        context.beginPath()
        context.moveTo(5, 5)
        context.lineTo(60, 5)
        context.lineTo(30, 53)
        context.lineTo(5, 53)
        context.fill()
      }
    })
  },
  fresh: { name: '', present_role: 'guest', audience: 'area' },
  Dialog: ScreenDialog,
  Editor: ScreenEditor,
}

export default kind
