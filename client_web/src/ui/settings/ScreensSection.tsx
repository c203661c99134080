import { useCallback, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { LoadedList } from '../components/LoadedList.tsx'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { Switch } from '../components/Switch.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useSaved } from '../components/useSaved.ts'
import { useSubmit } from '../login/useSubmit.ts'
import type { SectionProps } from './section.ts'

/** Where screens may be shared, and whose pages presentation screens show. */
export function ScreensSection(props: SectionProps) {
  return (
    <div className="space-y-5">
      <SharePanel {...props} />
      <SitesPanel roomId={props.room.id} />
    </div>
  )
}

function SharePanel({ room, onRoom }: SectionProps) {
  const [near, setNear] = useState(room.share_near)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit(['share_near'])
  return (
    <Panel title={t('screens.share.title')}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, async () => {
            onRoom(await api.changeRoom(room.id, { share_near: near }))
            markSaved()
          })
        }}
      >
        <Switch label={t('screens.share')} hint={t('screens.share.hint')} on={near} onChange={setNear} />
        <SaveRow action={t('access.save')} busy={busy} saved={saved} problem={problems.fields.share_near ?? problems.form} />
      </form>
    </Panel>
  )
}

/** The operator's sites are the most there can be; a room may choose fewer. */
function SitesPanel({ roomId }: { roomId: string }) {
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const load = useCallback(async (signal?: AbortSignal) => {
    const found = await api.embeds(roomId, signal)
    setChosen(found.origins)
    return found.server
  }, [roomId])
  const loaded = useLoad(load)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit(['origins'])
  const sites = loaded.value ?? []
  const toggle = (site: string, on: boolean) => setChosen((before) => sites.filter((each) => (each === site ? on : (before ?? []).includes(each))))
  return (
    <Panel title={t('screens.sites.title')} lead={t('screens.sites.lead')}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, async () => {
            setChosen((await api.changeEmbeds(roomId, chosen)).origins)
            markSaved()
          })
        }}
      >
        {sites.length > 0 && (
          <Segmented
            label={t('screens.sites.title')}
            value={chosen === null ? 'all' : 'some'}
            options={[
              { value: 'all', label: t('screens.sites.all') },
              { value: 'some', label: t('screens.sites.some') },
            ]}
            onChange={(choice) => setChosen(choice === 'all' ? null : sites)}
          />
        )}
        <LoadedList label={t('screens.sites.title')} loaded={loaded} empty={t('screens.sites.none')}>
          {(site) => (
            <li key={site} className="px-3.5 py-2.5">
              {chosen === null ? <p className="text-sm font-medium break-all">{siteName(site)}</p> : <Switch label={siteName(site)} on={chosen.includes(site)} onChange={(on) => toggle(site, on)} />}
            </li>
          )}
        </LoadedList>
        {sites.length > 0 && <SaveRow action={t('access.save')} busy={busy} saved={saved} problem={problems.fields.origins ?? problems.form} />}
      </form>
    </Panel>
  )
}

/** A site as people know it. */
const siteName = (origin: string): string => origin.replace(/^https:\/\//, '')
