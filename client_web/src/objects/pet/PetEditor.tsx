import { t } from '../../i18n/translate.ts'
import { Select } from '../../ui/components/Select.tsx'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { PET_COLOURS, PET_KINDS, coatOf, petOf } from './looks.ts'

/** Which animal it is. */
export function PetEditor(props: EditorProps) {
  const { config, onChange } = props
  return (
    <>
      <NameField {...props} />
      <Select label={t('pet.kind')} value={petOf(config.kind)} options={PET_KINDS.map((kind) => ({ value: kind, label: t(`pet.${kind}`) }))} onChange={(kind) => onChange({ kind })} />
      <Select label={t('pet.colour')} value={coatOf(config.colour)} options={PET_COLOURS.map((colour) => ({ value: colour, label: t(`pet.${colour}`) }))} onChange={(colour) => onChange({ colour })} />
    </>
  )
}
