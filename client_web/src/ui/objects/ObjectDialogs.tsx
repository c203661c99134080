import { Suspense } from 'react'
import { KINDS } from '../../objects/kinds.ts'
import { openObject, useObjects } from '../../objects/store.ts'
import type { Hud } from '../room/hud.ts'
import { EditDialog } from './EditDialog.tsx'
import { usePlacing } from './placing.ts'

/** The dialog of the object that is used, and the one of what is set up. */
export function ObjectDialogs({ hud }: { hud: Hud }) {
  const object = useObjects(({ objects, opened }) => (opened === null ? undefined : objects.get(opened)))
  const editing = usePlacing((state) => state.editing)
  const kind = object === undefined ? undefined : KINDS.get(object.type)
  return (
    <>
      {object !== undefined && kind !== undefined && (
        <Suspense>
          <kind.Dialog key={object.id} object={object} hud={hud} onClose={() => openObject(null)} />
        </Suspense>
      )}
      {editing !== null && <EditDialog key={editing.object?.id ?? editing.kind.name} kind={editing.kind} object={editing.object} hud={hud} />}
    </>
  )
}
