import { Globe, MonitorUp, MonitorX, Presentation } from 'lucide-react'
import { useEffect, useState } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../../ui/components/Button.tsx'
import { Dialog } from '../../ui/components/Dialog.tsx'
import { Field } from '../../ui/components/Field.tsx'
import { FileField } from '../FileField.tsx'
import type { ObjectDialogProps } from '../kind.ts'
import { isAtLeast, nameOf } from '../kinds.ts'
import { actOn } from '../store.ts'
import { screenState } from './state.ts'

/** Who presents, who waits, and what is to be shown. */
export function ScreenDialog({ object, hud, onClose }: ObjectDialogProps) {
  const { presenter, queue, show } = screenState(object)
  const isMine = presenter?.user === hud.user.id
  const place = queue.findIndex(({ user }) => user === hud.user.id)
  const isModerator = isAtLeast(hud.room.role, 'moderator')
  const next = queue[0]
  const act = (action: string) => actOn(object.id, action)
  return (
    <Dialog
      title={nameOf(object)}
      onClose={onClose}
      footer={
        <>
          {isMine && (
            <Button look="quiet" onClick={() => act('leave')}>
              {t('screen.leave')}
            </Button>
          )}
          {next !== undefined && (isMine || isModerator) && <Button onClick={() => act('pass')}>{t('screen.pass', { name: next.name })}</Button>}
          {!isMine && presenter !== null && isModerator && (
            <Button look="danger" onClick={() => act('take')}>
              {t('screen.take')}
            </Button>
          )}
          {!isMine && place >= 0 && (
            <Button look="quiet" onClick={() => act('leave')}>
              {t('screen.leaveQueue')}
            </Button>
          )}
          {!isMine && place < 0 && (
            <Button look="primary" icon={<Presentation size={17} />} onClick={() => act('present')}>
              {presenter === null ? t('screen.present') : t('screen.wait')}
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-4">
        <p role="status" className="text-ink-soft">
          {isMine ? t('screen.you') : presenter === null ? t('screen.nothing') : t('screen.by', { name: presenter.name })}
          {place >= 0 && ` · ${t('screen.waiting', { place: place + 1 })}`}
        </p>
        {queue.length > 0 && (
          <section>
            <h3 className="mb-1.5 text-sm font-semibold">{counted('screen.queue', queue.length)}</h3>
            <ol className="list-inside list-decimal text-sm text-ink-soft">
              {queue.map(({ user, name }) => (
                <li key={user}>{name}</li>
              ))}
            </ol>
          </section>
        )}
        {isMine && <Choice objectId={object.id} roomId={hud.room.id} shownUrl={show.kind === 'page' ? show.url : ''} isLit={show.kind !== 'nothing'} onShown={onClose} />}
      </div>
    </Dialog>
  )
}

interface ChoiceProps {
  objectId: string
  roomId: string
  shownUrl: string
  /** Something is shown now. */
  isLit: boolean
  onShown: () => void
}

function Choice({ objectId, roomId, shownUrl, isLit, onShown }: ChoiceProps) {
  const [url, setUrl] = useState(shownUrl)
  const [sites, setSites] = useState<readonly string[] | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    api.embeds(roomId, abort.signal).then(
      ({ origins, server }) => setSites(origins ?? server),
      () => undefined,
    )
    return () => abort.abort()
  }, [roomId])
  const show = (value: Record<string, unknown>) => {
    actOn(objectId, 'show', value)
    onShown()
  }
  function share() {
    const { own, controls } = useMediaStore.getState()
    if (own.screen === 'off') controls?.toggleScreen()
    show({ kind: 'share' })
  }
  return (
    <section className="space-y-4 border-t border-line pt-4">
      <h3 className="text-sm font-semibold">{t('screen.show')}</h3>
      <div className="grid gap-2.5 sm:auto-cols-fr sm:grid-flow-col">
        <Button icon={<MonitorUp size={17} />} onClick={share}>
          {t('screen.share')}
        </Button>
        {isLit && (
          <Button icon={<MonitorX size={17} />} onClick={() => show({ kind: 'nothing' })}>
            {t('screen.dark')}
          </Button>
        )}
      </div>
      <FileField
        label={t('screen.file')}
        accept="image/png,image/jpeg,image/webp,image/gif,application/pdf"
        roomId={roomId}
        onUploaded={(file) => show({ kind: 'file', file: file.id, media: file.media_type === 'application/pdf' ? 'pdf' : 'image', name: file.name })}
      />
      {sites !== null && sites.length === 0 ? (
        <p className="flex items-start gap-2 text-sm text-ink-faint">
          <Globe size={16} className="mt-0.5 shrink-0" aria-hidden="true" />
          {t('screen.url.none')}
        </p>
      ) : (
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            show({ kind: 'page', url })
          }}
        >
          <Field
            className="min-w-0 flex-1"
            label={t('screen.url')}
            hint={sites === null ? undefined : t('screen.url.sites', { sites: sites.map((site) => site.replace(/^https?:\/\//, '')).join(', ') })}
            type="url"
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
          <Button type="submit" icon={<Globe size={17} />} className="h-12" disabled={url === ''}>
            {t('screen.url.show')}
          </Button>
        </form>
      )}
    </section>
  )
}
