import { Check, Volume2 } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../../i18n/translate.ts'
import { playChime } from '../../../media/chime.ts'
import { usePreferences } from '../../../media/preferences.ts'
import { Button } from '../../components/Button.tsx'

type Phase = 'idle' | 'playing' | 'asking' | 'heard' | 'unheard' | 'failed'

/** Plays a sound, and asks whether it was heard. */
export function SpeakerCheck() {
  const [phase, setPhase] = useState<Phase>('idle')
  const play = async () => {
    setPhase('playing')
    const { speakerId, masterVolume } = usePreferences.getState()
    try {
      await playChime(speakerId, masterVolume)
      setPhase('asking')
    } catch {
      setPhase('failed')
    }
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2" role="status">
      {phase === 'asking' ? (
        <>
          <p className="text-sm font-semibold">{t('media.check.speaker.ask')}</p>
          <span className="flex gap-2">
            <Button onClick={() => setPhase('heard')}>{t('media.check.speaker.yes')}</Button>
            <Button look="quiet" onClick={() => setPhase('unheard')}>
              {t('media.check.speaker.no')}
            </Button>
          </span>
        </>
      ) : (
        <>
          <Button busy={phase === 'playing'} icon={<Volume2 size={16} aria-hidden="true" />} onClick={() => void play()}>
            {t('media.check.speaker.play')}
          </Button>
          {phase === 'heard' && (
            <p className="flex items-center gap-1.5 text-sm font-semibold text-brand-ink">
              <Check size={16} aria-hidden="true" />
              {t('media.check.speaker.good')}
            </p>
          )}
          {(phase === 'unheard' || phase === 'failed') && <p className="min-w-40 flex-1 text-sm text-danger-ink">{t(`media.check.speaker.${phase}`)}</p>}
        </>
      )}
    </div>
  )
}
