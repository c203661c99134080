import { Mic } from 'lucide-react'
import { t } from '../../../i18n/translate.ts'
import { useMediaStore } from '../../../media/store.ts'
import { Button } from '../../components/Button.tsx'
import { LevelMeter } from '../LevelMeter.tsx'
import { problemWords } from '../problem_words.ts'
import { useMicrophonePreview } from './usePreview.ts'

/** The live level of the chosen microphone. The browser is asked after a click. */
export function MicrophoneCheck() {
  const controls = useMediaStore((state) => state.controls)
  const isOn = useMediaStore((state) => state.own.microphone === 'on')
  const preview = useMicrophonePreview()
  const level = () => (isOn ? (controls?.ownLevel() ?? 0) : (preview.shown?.level() ?? 0))
  return (
    <div className="space-y-2.5">
      <LevelMeter level={level} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5" role="status">
        {!isOn && preview.state !== 'on' && (
          <Button busy={preview.state === 'starting'} icon={<Mic size={16} aria-hidden="true" />} onClick={preview.start}>
            {t('media.setup.try')}
          </Button>
        )}
        <p className={`min-w-40 flex-1 text-sm ${preview.problem === null ? 'text-ink-faint' : 'text-danger-ink'}`}>
          {preview.problem !== null
            ? problemWords({ device: 'microphone', problem: preview.problem })
            : isOn
              ? t('media.check.mic.live')
              : preview.state === 'on'
                ? t('media.check.mic.speak')
                : t('media.setup.try.hint')}
        </p>
      </div>
    </div>
  )
}
