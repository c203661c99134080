import type { ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { Slider } from '../components/Slider.tsx'
import { Switch } from '../components/Switch.tsx'

interface SettingsDialogProps {
  onClose: () => void
  /** Inside a room: explains the keys again. */
  onHelp?: () => void
  onTour?: () => void
}

/** How the interface and the rooms look and sound on this device. */
export function SettingsDialog({ onClose, onHelp, onTour }: SettingsDialogProps) {
  const { theme, renderer, detail, daylight, roomSounds, minimap, cameraFocus } = useSettings()
  return (
    <Dialog title={t('settings.title')} onClose={onClose}>
      <div className="space-y-7">
        <Group title={t('settings.group.look')}>
          <Setting title={t('settings.theme')}>
            <Segmented
              label={t('settings.theme')}
              value={theme}
              options={[
                { value: 'system', label: t('settings.theme.system') },
                { value: 'light', label: t('settings.theme.light') },
                { value: 'dark', label: t('settings.theme.dark') },
              ]}
              onChange={(chosen) => changeSettings({ theme: chosen })}
            />
          </Setting>
          <Setting title={t('daylight.title')}>
            <Segmented
              label={t('daylight.title')}
              value={daylight}
              options={[
                { value: 'local', label: t('daylight.local') },
                { value: 'day', label: t('daylight.day') },
                { value: 'night', label: t('daylight.night') },
              ]}
              onChange={(chosen) => changeSettings({ daylight: chosen })}
            />
          </Setting>
          <Switch label={t('settings.minimap')} on={minimap} onChange={(on) => changeSettings({ minimap: on })} />
          <Switch label={t('settings.cameraFocus')} hint={t('settings.cameraFocus.hint')} on={cameraFocus} onChange={(on) => changeSettings({ cameraFocus: on })} />
        </Group>
        <Group title={t('settings.group.sound')}>
          <Slider
            label={t('settings.roomSounds')}
            value={roomSounds}
            words={roomSounds === 0 ? t('settings.roomSounds.off') : t('settings.roomSounds.level', { percent: Math.round(roomSounds * 100) })}
            onChange={(level) => changeSettings({ roomSounds: level })}
          />
        </Group>
        <Group title={t('settings.group.picture')}>
          <div>
            <Segmented
              label={t('detail.title')}
              value={detail}
              options={[
                { value: 'auto', label: t('detail.auto') },
                { value: 'full', label: t('detail.full') },
                { value: 'saver', label: t('detail.saver') },
                { value: 'audio', label: t('detail.audio') },
              ]}
              onChange={(chosen) => changeSettings({ detail: chosen })}
            />
            <p className="mt-2 text-sm text-ink-faint">{t(`detail.${detail}.hint`)}</p>
          </div>
          <Setting title={t('settings.renderer')}>
            <Segmented
              label={t('settings.renderer')}
              value={renderer}
              options={[
                { value: 'webgl', label: t('settings.renderer.webgl') },
                { value: 'canvas', label: t('settings.renderer.canvas') },
              ]}
              onChange={(chosen) => changeSettings({ renderer: chosen })}
            />
            <p className="mt-2 text-sm text-ink-faint">{t('settings.renderer.hint')}</p>
          </Setting>
        </Group>
        {(onHelp !== undefined || onTour !== undefined) && (
          <div className="flex flex-wrap gap-2.5">
            {onHelp !== undefined && <Button onClick={onHelp}>{t('settings.help')}</Button>}
            {onTour !== undefined && <Button onClick={onTour}>{t('settings.tour')}</Button>}
          </div>
        )}
      </div>
    </Dialog>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-5 border-t border-line pt-5 first:border-0 first:pt-0">
      <h3 className="text-base">{title}</h3>
      {children}
    </section>
  )
}

function Setting({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <p aria-hidden="true" className="mb-2 text-sm font-semibold">
        {title}
      </p>
      {children}
    </div>
  )
}
