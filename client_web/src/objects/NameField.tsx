import { t } from '../i18n/translate.ts'
import { Field } from '../ui/components/Field.tsx'
import type { EditorProps } from './kind.ts'
import { textIn } from './store.ts'

/** What an object is called; every type has it. */
export function NameField({ config, onChange, problems }: EditorProps) {
  return (
    <Field
      label={t('objects.name')}
      hint={t('objects.name.hint')}
      problem={problems.name}
      maxLength={60}
      value={textIn(config, 'name')}
      onChange={(event) => onChange({ name: event.target.value })}
    />
  )
}
