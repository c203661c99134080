import { StickyNote } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { OUTLINE, box, picture } from '../pictures.ts'
import { NOTE_COLOURS, colourOf } from './colours.ts'

const NoteDialog = lazy(() => import('./NoteDialog.tsx').then((module) => ({ default: module.NoteDialog })))
const NoteEditor = lazy(() => import('./NoteEditor.tsx').then((module) => ({ default: module.NoteEditor })))

const kind: ObjectKind = {
  name: 'note',
  icon: StickyNote,
  label: 'object.note',
  about: 'object.note.about',
  placedBy: 'member',
  size: () => [24, 24],
  picture: ({ config }) => {
    const colour = colourOf(config.colour)
    return picture(`note ${colour}`, 24, 26, (context) => {
      context.save()
      context.translate(12, 14)
      context.rotate(-0.06)
      box(context, -9.5, -9, 20, 20, 'rgba(16, 20, 24, 0.25)', 1, null)
      box(context, -10, -10, 20, 20, NOTE_COLOURS[colour], 1, OUTLINE)
      context.fillStyle = 'rgba(32, 36, 31, 0.55)'
      for (const [row, width] of [13, 10, 14, 7].entries()) context.fillRect(-7, -6 + row * 4, width, 1.4)
      context.beginPath()
      context.moveTo(10, 5)
      context.lineTo(5, 10)
      context.lineTo(10, 10)
      context.fillStyle = 'rgba(255, 255, 255, 0.65)'
      context.fill()
      context.restore()
      context.beginPath()
      context.arc(12, 5, 2.4, 0, Math.PI * 2)
      context.fillStyle = '#b3392b'
      context.fill()
    })
  },
  fresh: { name: '', text: '', colour: 'sun', edit_role: 'member' },
  Dialog: NoteDialog,
  Editor: NoteEditor,
}

export default kind
