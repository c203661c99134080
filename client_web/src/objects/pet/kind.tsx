import { PawPrint } from 'lucide-react'
import { lazy } from 'react'
import type { ObjectKind } from '../kind.ts'
import { picture } from '../pictures.ts'
import { coatOf, paintPet, petOf } from './looks.ts'

const PetDialog = lazy(() => import('./PetDialog.tsx').then((module) => ({ default: module.PetDialog })))
const PetEditor = lazy(() => import('./PetEditor.tsx').then((module) => ({ default: module.PetEditor })))

const kind: ObjectKind = {
  name: 'pet',
  icon: PawPrint,
  label: 'object.pet',
  about: 'object.pet.about',
  placedBy: 'member',
  size: () => [24, 24],
  picture: ({ config }) => {
    const animal = petOf(config.kind)
    const coat = coatOf(config.colour)
    return picture(`pet ${animal} ${coat}`, 28, 28, (context, width, height) => paintPet(context, width, height, animal, coat))
  },
  fresh: { name: '', kind: 'cat', colour: 'ginger' },
  Dialog: PetDialog,
  Editor: PetEditor,
}

export default kind
