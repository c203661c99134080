import { Link as LinkIcon } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { box, footShadow, picture } from '../pictures.ts'

const LinkDialog = lazy(() => import('./LinkDialog.tsx').then((module) => ({ default: module.LinkDialog })))
const LinkEditor = lazy(() => import('./LinkEditor.tsx').then((module) => ({ default: module.LinkEditor })))

const kind: ObjectKind = {
  name: 'link',
  icon: LinkIcon,
  label: 'object.link',
  about: 'object.link.about',
  placedBy: 'member',
  size: () => [32, 32],
  picture: () =>
    picture('link', 36, 48, (context, width, height) => {
      footShadow(context, width, height)
      box(context, 16, 10, 4, 36, '#7a5636', 1.5)
      context.beginPath()
      context.moveTo(3, 8)
      context.lineTo(27, 8)
      context.lineTo(34, 15)
      context.lineTo(27, 22)
      context.lineTo(3, 22)
      context.closePath()
      context.fillStyle = '#2f7a66'
      context.fill()
      context.lineWidth = 1
      context.strokeStyle = 'rgba(27, 30, 38, 0.55)'
      context.stroke()
      context.strokeStyle = '#fdf8ea'
      context.lineWidth = 1.8
      context.lineCap = 'round'
      context.beginPath()
      context.moveTo(8, 15)
      context.lineTo(25, 15)
      context.moveTo(21, 11.5)
      context.lineTo(25, 15)
      context.lineTo(21, 18.5)
      context.stroke()
    }),
  fresh: { name: '', url: '' },
  Dialog: LinkDialog,
  Editor: LinkEditor,
}

export default kind
