import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { placeProblem } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../../ui/components/Button.tsx'
import { Dialog } from '../../ui/components/Dialog.tsx'
import { Notice } from '../../ui/components/Notice.tsx'
import type { ObjectDialogProps } from '../kind.ts'
import { isAtLeast, mayChange, nameOf } from '../kinds.ts'
import { unprefixed } from '../problems.ts'
import { type Json, textIn } from '../store.ts'
import { NOTE_COLOURS, colourOf } from './colours.ts'
import { NoteEditor } from './NoteEditor.tsx'

/** A note to read, and to write on for those who may. */
export function NoteDialog({ object, hud, onClose }: ObjectDialogProps) {
  const [draft, setDraft] = useState<Json | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const mayWrite = isAtLeast(hud.room.role, textIn(object.config, 'edit_role') as 'member') || mayChange(object, hud.room.role, hud.user.id)
  const { fields, form } = problem === null ? { fields: {}, form: null } : placeProblem(problem, ['config.name', 'config.text'])
  const text = textIn(object.config, 'text')

  async function save() {
    if (draft === null) return
    setBusy(true)
    setProblem(null)
    try {
      await api.changeObject(hud.room.id, object.id, { config: draft })
      setDraft(null)
    } catch (error) {
      setProblem(error)
    }
    setBusy(false)
  }

  return (
    <Dialog
      title={nameOf(object)}
      onClose={onClose}
      footer={
        draft === null ? (
          mayWrite && (
            <Button look="primary" icon={<Pencil size={16} />} onClick={() => setDraft(object.config)}>
              {t('note.write')}
            </Button>
          )
        ) : (
          <>
            <Button look="quiet" onClick={() => setDraft(null)}>
              {t('app.cancel')}
            </Button>
            <Button look="primary" busy={busy} onClick={() => void save()}>
              {t('objects.save')}
            </Button>
          </>
        )
      }
    >
      {draft === null ? (
        <div className="min-h-40 rounded-lg p-5 text-[#20241f] shadow-near" style={{ backgroundColor: NOTE_COLOURS[colourOf(object.config.colour)] }}>
          <p className="text-base/relaxed break-words whitespace-pre-wrap">{text === '' ? <em className="opacity-70">{t('note.empty')}</em> : text}</p>
        </div>
      ) : (
        <div className="space-y-5">
          <NoteEditor
            config={draft}
            onChange={(change) => setDraft({ ...draft, ...change })}
            problems={unprefixed(fields)}
            roomId={hud.room.id}
            withRole={false}
          />
          {form !== null && <Notice kind="problem">{form}</Notice>}
        </div>
      )}
    </Dialog>
  )
}
