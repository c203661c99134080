import { t } from '../../i18n/translate.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Segmented } from '../components/Segmented.tsx'

interface SettingsDialogProps {
  onClose: () => void
  /** Inside a room: explains the keys again. */
  onHelp?: () => void
}

export function SettingsDialog({ onClose, onHelp }: SettingsDialogProps) {
  const { theme, renderer } = useSettings()
  return (
    <Dialog title={t('settings.title')} onClose={onClose}>
      <div className="space-y-6">
        <section>
          <h3 className="mb-2 font-sans text-sm font-semibold tracking-normal">{t('settings.theme')}</h3>
          <Segmented
            label={t('settings.theme')}
            value={theme}
            options={[
              { value: 'system', label: t('settings.theme.system') },
              { value: 'light', label: t('settings.theme.light') },
              { value: 'dark', label: t('settings.theme.dark') },
            ]}
            onChange={(theme) => changeSettings({ theme })}
          />
        </section>
        <section>
          <h3 className="mb-2 font-sans text-sm font-semibold tracking-normal">{t('settings.renderer')}</h3>
          <Segmented
            label={t('settings.renderer')}
            value={renderer}
            options={[
              { value: 'webgl', label: t('settings.renderer.webgl') },
              { value: 'canvas', label: t('settings.renderer.canvas') },
            ]}
            onChange={(renderer) => changeSettings({ renderer })}
          />
          <p className="mt-2 text-sm text-ink-faint">{t('settings.renderer.hint')}</p>
        </section>
        {onHelp !== undefined && <Button onClick={onHelp}>{t('settings.help')}</Button>}
      </div>
    </Dialog>
  )
}
