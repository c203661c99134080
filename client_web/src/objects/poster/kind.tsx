import { Image as ImageIcon } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { box, picture } from '../pictures.ts'

const PosterDialog = lazy(() => import('./PosterDialog.tsx').then((module) => ({ default: module.PosterDialog })))
const PosterEditor = lazy(() => import('./PosterEditor.tsx').then((module) => ({ default: module.PosterEditor })))

const kind: ObjectKind = {
  name: 'poster',
  icon: ImageIcon,
  label: 'object.poster',
  about: 'object.poster.about',
  placedBy: 'member',
  size: (config) => (config.size === 'large' ? [96, 64] : [48, 32]),
  // What hangs there is seen from near: on the map a poster is a frame with a picture in it.
  picture: ({ config }) => {
    const [width, height] = config.size === 'large' ? [96, 64] : [48, 32]
    return picture(`poster ${width}`, width, height, (context) => {
      box(context, 2, 3, width - 3, height - 3, 'rgba(16, 20, 24, 0.28)', 1, null)
      box(context, 1, 1, width - 3, height - 4, '#5b4632', 1.5)
      context.save()
      context.beginPath()
      context.rect(4, 4, width - 9, height - 10)
      context.clip()
      context.fillStyle = '#dfe9ef'
      context.fillRect(0, 0, width, height)
      context.fillStyle = '#f2b84b'
      context.beginPath()
      context.arc(width * 0.72, height * 0.34, height * 0.12, 0, Math.PI * 2)
      context.fill()
      context.fillStyle = '#6f9c88'
      context.beginPath()
      context.moveTo(0, height)
      context.lineTo(width * 0.34, height * 0.36)
      context.lineTo(width * 0.66, height)
      context.fill()
      context.fillStyle = '#2f7a66'
      context.beginPath()
      context.moveTo(width * 0.36, height)
      context.lineTo(width * 0.68, height * 0.52)
      context.lineTo(width, height)
      context.fill()
      context.restore()
    })
  },
  fresh: { name: '', file: '', alt: '', size: 'small' },
  Dialog: PosterDialog,
  Editor: PosterEditor,
}

export default kind
