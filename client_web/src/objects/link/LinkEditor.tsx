import { t } from '../../i18n/translate.ts'
import { Field } from '../../ui/components/Field.tsx'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { textIn } from '../store.ts'

/** Where a link leads. */
export function LinkEditor(props: EditorProps) {
  const { config, onChange, problems } = props
  return (
    <>
      <Field
        label={t('link.url')}
        hint={t('link.hint')}
        problem={problems.url}
        type="url"
        inputMode="url"
        placeholder="https://"
        value={textIn(config, 'url')}
        onChange={(event) => onChange({ url: event.target.value })}
      />
      <NameField {...props} />
    </>
  )
}
