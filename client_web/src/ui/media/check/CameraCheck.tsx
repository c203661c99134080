import { Video, VideoOff } from 'lucide-react'
import { t } from '../../../i18n/translate.ts'
import { useMediaStore } from '../../../media/store.ts'
import { Button } from '../../components/Button.tsx'
import { problemWords } from '../problem_words.ts'
import { VideoPicture } from '../VideoPicture.tsx'
import { useCameraPreview } from './usePreview.ts'

/** One's own picture as the others would see it. The browser is asked after a click. */
export function CameraCheck() {
  const own = useMediaStore((state) => state.ownCamera)
  const preview = useCameraPreview()
  const stream = own ?? preview.shown
  return (
    <div>
      <div className="relative grid aspect-video place-items-center overflow-hidden rounded-xl bg-sunken">
        {stream === null ? (
          <div className="flex flex-col items-center gap-3 px-4 text-center">
            <VideoOff size={28} aria-hidden="true" className="text-ink-faint" />
            <Button busy={preview.state === 'starting'} onClick={preview.start}>
              {t('media.check.camera.try')}
            </Button>
          </div>
        ) : (
          <VideoPicture stream={stream} mirrored />
        )}
        {own === null && stream !== null && (
          <button
            type="button"
            onClick={preview.stop}
            className="absolute right-2 bottom-2 flex items-center gap-1.5 rounded-full bg-scrim px-3 py-1.5 text-xs font-semibold text-[#fdf8ea] hover:opacity-85"
          >
            <Video size={13} aria-hidden="true" />
            {t('media.check.camera.stop')}
          </button>
        )}
      </div>
      <p role="status" className={`mt-2 text-sm ${preview.problem === null ? 'text-ink-faint' : 'text-danger-ink'}`}>
        {preview.problem !== null ? problemWords({ device: 'camera', problem: preview.problem }) : own === null ? t('media.check.camera.hint') : t('media.check.camera.live')}
      </p>
    </div>
  )
}
