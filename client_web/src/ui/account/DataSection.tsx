import { Download, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { useSubmit } from '../login/useSubmit.ts'
import { DeleteAccountDialog } from './DeleteAccountDialog.tsx'
import { saveAsFile } from './save_as_file.ts'

const FILE_NAME = 'hallway-data.json'

/** What is known about a person: to take along, or to take away. */
export function DataSection({ user }: { user: User }) {
  const [deleting, setDeleting] = useState(false)
  const { problems, busy, submit } = useSubmit([])
  const download = () => void submit({}, async () => saveAsFile(FILE_NAME, JSON.stringify(await api.exportData(), null, 2)))
  return (
    <div className="space-y-5">
      <Panel title={t('export.title')} lead={t('export.lead')}>
        {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
        <Button busy={busy} icon={<Download size={17} aria-hidden="true" />} onClick={download}>
          {t('export.submit')}
        </Button>
      </Panel>
      <Panel title={user.is_guest ? t('deletion.guestTitle') : t('deletion.title')} lead={t('deletion.lead')} danger>
        <Button look="danger" icon={<Trash2 size={17} aria-hidden="true" />} onClick={() => setDeleting(true)}>
          {user.is_guest ? t('deletion.guestSubmit') : t('deletion.submit')}
        </Button>
      </Panel>
      {deleting && <DeleteAccountDialog user={user} onClose={() => setDeleting(false)} />}
    </div>
  )
}
