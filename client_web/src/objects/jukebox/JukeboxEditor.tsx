import { useId } from 'react'
import { t } from '../../i18n/translate.ts'
import { Select } from '../../ui/components/Select.tsx'
import { Switch } from '../../ui/components/Switch.tsx'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { numberIn } from '../store.ts'
import { LOOPS, loopLabel, loopOf } from './loops.ts'

const TILE_PX = 32

/** What it plays at first, how loud and how far. */
export function JukeboxEditor(props: EditorProps) {
  const { config, onChange } = props
  const volume = numberIn(config, 'volume', 60)
  const radius = numberIn(config, 'radius_px', 288)
  return (
    <>
      <NameField {...props} />
      <Select label={t('jukebox.first')} value={loopOf(config.loop)} options={LOOPS.map((loop) => ({ value: loop, label: t(loopLabel(loop)) }))} onChange={(loop) => onChange({ loop })} />
      <Switch label={t('jukebox.playing.first')} on={config.playing === true} onChange={(playing) => onChange({ playing })} />
      <Slider label={t('jukebox.volume', { percent: volume })} min={0} max={100} step={5} value={volume} onChange={(next) => onChange({ volume: next })} />
      <Slider
        label={t('jukebox.radius', { tiles: Math.round(radius / TILE_PX) })}
        min={2 * TILE_PX}
        max={32 * TILE_PX}
        step={TILE_PX}
        value={radius}
        onChange={(next) => onChange({ radius_px: next })}
      />
    </>
  )
}

interface SliderProps {
  label: string
  min: number
  max: number
  step: number
  value: number
  onChange: (value: number) => void
}

function Slider({ label, onChange, ...range }: SliderProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      <input id={id} type="range" className="h-8 w-full accent-brand" {...range} onChange={(event) => onChange(Number(event.target.value))} />
    </div>
  )
}
