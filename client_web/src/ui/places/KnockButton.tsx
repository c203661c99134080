import { Hand } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { type AreaState, usePlacesStore } from '../../places/store.ts'
import { Button } from '../components/Button.tsx'

/** Asks those inside to be let in; waits for them to answer. */
export function KnockButton({ area: { zone }, primary = false }: { area: Pick<AreaState, 'zone'>; primary?: boolean }) {
  const knocking = usePlacesStore((state) => state.knocking)
  const controls = usePlacesStore((state) => state.controls)
  const waits = knocking === zone.id
  return (
    <Button
      look={primary ? 'primary' : 'plain'}
      className="!h-8 !px-3"
      busy={waits}
      aria-label={waits ? t('places.knocked') : t('places.knockAt', { name: zone.name })}
      icon={<Hand size={14} aria-hidden="true" />}
      onClick={() => controls?.knock(zone.id)}
    >
      {waits ? t('places.knocked') : t('places.knock')}
    </Button>
  )
}
