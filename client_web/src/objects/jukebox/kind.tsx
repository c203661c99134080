import { Music } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { box, footShadow, picture } from '../pictures.ts'

const JukeboxDialog = lazy(() => import('./JukeboxDialog.tsx').then((module) => ({ default: module.JukeboxDialog })))
const JukeboxEditor = lazy(() => import('./JukeboxEditor.tsx').then((module) => ({ default: module.JukeboxEditor })))

const kind: ObjectKind = {
  name: 'jukebox',
  icon: Music,
  label: 'object.jukebox',
  about: 'object.jukebox.about',
  placedBy: 'member',
  size: () => [40, 32],
  picture: ({ state }) => {
    const isOn = state.playing === true
    return picture(`jukebox ${isOn}`, 40, 56, (context, width, height) => {
      footShadow(context, width, height)
      context.beginPath()
      context.roundRect(3, 2, 34, 51, [17, 17, 4, 4])
      context.fillStyle = '#6d4327'
      context.fill()
      context.lineWidth = 1
      context.strokeStyle = 'rgba(27, 30, 38, 0.55)'
      context.stroke()
      context.beginPath()
      context.roundRect(6.5, 5.5, 27, 30, [13.5, 13.5, 3, 3])
      context.strokeStyle = isOn ? '#f2b84b' : '#8d7350'
      context.lineWidth = 3
      context.stroke()
      context.beginPath()
      context.roundRect(9.5, 9, 21, 22, [10, 10, 2, 2])
      context.fillStyle = isOn ? '#ffe9b3' : '#33424a'
      context.fill()
      context.fillStyle = isOn ? '#b3392b' : '#1b2428'
      context.beginPath()
      context.arc(20, 21, 7, 0, Math.PI * 2)
      context.fill()
      context.fillStyle = '#f4f0e4'
      context.beginPath()
      context.arc(20, 21, 2, 0, Math.PI * 2)
      context.fill()
      box(context, 9, 38, 22, 11, '#4a2c19', 2)
      context.fillStyle = 'rgba(244, 240, 228, 0.35)'
      for (let x = 11; x < 30; x += 3) context.fillRect(x, 40, 1.2, 7)
    })
  },
  fresh: { name: '', loop: 'lofi', playing: false, volume: 60, radius_px: 288 },
  Dialog: JukeboxDialog,
  Editor: JukeboxEditor,
}

export default kind
