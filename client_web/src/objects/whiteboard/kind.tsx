import { PenLine } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { box, footShadow, picture } from '../pictures.ts'

const WhiteboardEditor = lazy(() => import('./WhiteboardEditor.tsx').then((module) => ({ default: module.WhiteboardEditor })))

/** Excalidraw is large, so it comes when the first board is opened. */
const WhiteboardDialog = lazy(() => import('./WhiteboardDialog.tsx').then((module) => ({ default: module.WhiteboardDialog })))

const kind: ObjectKind = {
  name: 'whiteboard',
  icon: PenLine,
  label: 'object.whiteboard',
  about: 'object.whiteboard.about',
  placedBy: 'member',
  size: () => [96, 24],
  picture: () =>
    picture('whiteboard', 96, 62, (context, width, height) => {
      footShadow(context, width, height)
      box(context, 12, 40, 3, 20, '#7d868b', 1, null)
      box(context, 81, 40, 3, 20, '#7d868b', 1, null)
      box(context, 2, 4, 92, 40, '#9aa3a8', 2)
      box(context, 5, 7, 86, 33, '#fbfaf5', 1, null)
      context.lineWidth = 1.6
      context.lineCap = 'round'
      for (const [colour, points] of [
        ['#2f7a66', [12, 16, 30, 16, 30, 28, 12, 28, 12, 16]],
        ['#b3392b', [32, 22, 44, 22, 40, 18, 44, 22, 40, 26]],
        ['#3b6ea5', [48, 30, 56, 20, 64, 26, 74, 14, 82, 18]],
      ] as const) {
        context.strokeStyle = colour
        context.beginPath()
        for (let i = 0; i < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!)
        context.stroke()
      }
      box(context, 30, 42, 36, 3, '#7d868b', 1, null)
    }),
  fresh: { name: '', edit_role: 'guest', view_role: 'guest' },
  Dialog: WhiteboardDialog,
  Editor: WhiteboardEditor,
  page: (roomId, objectId) => `/rooms/${roomId}/boards/${objectId}`,
}

export default kind
