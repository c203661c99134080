import { MapPin } from 'lucide-react'
import { Suspense, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { placeProblem } from '../../net/problem.ts'
import type { ObjectKind } from '../../objects/kind.ts'
import { nameOf } from '../../objects/kinds.ts'
import { unprefixed } from '../../objects/problems.ts'
import type { Json, RoomObject } from '../../objects/store.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Notice } from '../components/Notice.tsx'
import type { Hud } from '../room/hud.ts'
import { place, stopPlacing } from './placing.ts'

/** Sets up something new, before it gets its place, or something that stands already. */
export function EditDialog({ kind, object, hud }: { kind: ObjectKind; object: RoomObject | null; hud: Hud }) {
  const [config, setConfig] = useState<Json>(object?.config ?? kind.fresh)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const shown = Object.keys(config).map((field) => `config.${field}`)
  const { fields, form } = problem === null ? { fields: {}, form: null } : placeProblem(problem, shown)

  async function save() {
    if (object === null) {
      place(kind, config, null)
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      await api.changeObject(hud.room.id, object.id, { config })
      stopPlacing()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <Dialog
      title={object === null ? t('objects.new', { type: t(kind.label) }) : t('objects.change', { name: nameOf(object) })}
      onClose={stopPlacing}
      footer={
        <>
          <Button look="quiet" onClick={stopPlacing}>
            {t('app.cancel')}
          </Button>
          <Button look="primary" busy={busy} {...(object === null && { icon: <MapPin size={17} /> })} onClick={() => void save()}>
            {object === null ? t('objects.next') : t('objects.save')}
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        <Suspense>
          <kind.Editor config={config} onChange={(change) => setConfig((before) => ({ ...before, ...change }))} problems={unprefixed(fields)} roomId={hud.room.id} />
        </Suspense>
        {form !== null && <Notice kind="problem">{form}</Notice>}
      </div>
    </Dialog>
  )
}
