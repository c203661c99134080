import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { Field } from '../../ui/components/Field.tsx'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { emojisOf } from './emojis.ts'

/** What the machine has. */
export function VendingEditor(props: EditorProps) {
  const { config, onChange, problems } = props
  const [text, setText] = useState(() => emojisOf(config).join(' '))
  return (
    <>
      <Field
        label={t('vending.emojis')}
        hint={t('vending.emojis.hint')}
        problem={problems.emojis ?? problems.config}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          onChange({ emojis: event.target.value.split(/\s+/).filter((entry) => entry !== '').slice(0, 12) })
        }}
      />
      <NameField {...props} />
    </>
  )
}
