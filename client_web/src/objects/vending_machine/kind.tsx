import { CupSoda } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { box, footShadow, picture } from '../pictures.ts'
import { FIRST_EMOJIS, emojisOf } from './emojis.ts'

const VendingDialog = lazy(() => import('./VendingDialog.tsx').then((module) => ({ default: module.VendingDialog })))
const VendingEditor = lazy(() => import('./VendingEditor.tsx').then((module) => ({ default: module.VendingEditor })))

const kind: ObjectKind = {
  name: 'vending_machine',
  icon: CupSoda,
  label: 'object.vending_machine',
  about: 'object.vending_machine.about',
  placedBy: 'member',
  size: () => [40, 32],
  picture: ({ config }) => {
    const shown = emojisOf(config).slice(0, 6)
    return picture(`vending ${shown.join('')}`, 40, 62, (context, width, height) => {
      footShadow(context, width, height)
      box(context, 2, 2, 36, 57, '#a8443a', 3)
      box(context, 4, 4, 32, 4, '#c9655a', 2, null)
      box(context, 5, 10, 22, 33, '#22303a', 2)
      context.font = '8px system-ui, sans-serif'
      context.textAlign = 'center'
      context.textBaseline = 'middle'
      for (const [index, emoji] of shown.entries()) context.fillText(emoji, 10.5 + (index % 2) * 11, 16.5 + Math.floor(index / 2) * 10.5)
      box(context, 30, 12, 5, 9, '#f2b84b', 1)
      box(context, 30, 24, 5, 2, '#5a2620', 0.5, null)
      box(context, 5, 47, 30, 7, '#5a2620', 1.5)
      context.fillStyle = 'rgba(255, 255, 255, 0.16)'
      context.fillRect(7, 11, 3, 31)
    })
  },
  fresh: { name: '', emojis: FIRST_EMOJIS },
  Dialog: VendingDialog,
  Editor: VendingEditor,
}

export default kind
