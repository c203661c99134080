import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { saveProfile } from '../../state/auth.ts'
import { changeSettings } from '../../state/settings.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Notice } from '../components/Notice.tsx'
import { LookEditor } from '../look/LookEditor.tsx'

export function LookDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [look, setLook] = useState(user.avatar_config.look)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function save() {
    setBusy(true)
    setProblem(null)
    try {
      await saveProfile({ avatar_config: { look } })
      changeSettings({ look })
      onClose()
    } catch (error) {
      setProblem(wordsFor(error))
      setBusy(false)
    }
  }

  return (
    <Dialog
      title={t('look.title')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button look="primary" busy={busy} onClick={() => void save()}>
            {t('app.save')}
          </Button>
        </>
      }
    >
      <LookEditor look={look} onChange={setLook} />
      {problem !== null && (
        <div className="mt-4">
          <Notice kind="problem">{problem}</Notice>
        </div>
      )}
    </Dialog>
  )
}
