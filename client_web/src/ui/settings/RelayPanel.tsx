import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { Switch } from '../components/Switch.tsx'
import { useSaved } from '../components/useSaved.ts'
import { useSubmit } from '../login/useSubmit.ts'
import type { SectionProps } from './section.ts'

/** Whether sound and pictures go through the relay only, so that nobody learns anybody's address. */
export function RelayPanel({ room, onRoom }: SectionProps) {
  const [relayOnly, setRelayOnly] = useState(room.relay_only)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit(['relay_only'])
  return (
    <Panel title={t('access.relay.title')}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, async () => {
            onRoom(await api.changeRoom(room.id, { relay_only: relayOnly }))
            markSaved()
          })
        }}
      >
        <Switch label={t('access.relay')} hint={t('access.relay.hint')} on={relayOnly} onChange={setRelayOnly} />
        <SaveRow action={t('access.save')} busy={busy} saved={saved} problem={problems.fields.relay_only ?? problems.form} />
      </form>
    </Panel>
  )
}
