import { t } from '../../i18n/translate.ts'
import { Field } from '../../ui/components/Field.tsx'
import { Segmented } from '../../ui/components/Segmented.tsx'
import { FileField } from '../FileField.tsx'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { textIn } from '../store.ts'

/** Which picture hangs there, and how large. */
export function PosterEditor(props: EditorProps) {
  const { config, onChange, problems, roomId } = props
  return (
    <>
      <FileField
        label={t('objects.upload')}
        accept="image/png,image/jpeg,image/webp,image/gif"
        roomId={roomId}
        problem={problems.file}
        onUploaded={(file) => onChange({ file: file.id, ...(textIn(config, 'name') === '' && { name: file.name.replace(/\.\w+$/, '').slice(0, 60) }) })}
      />
      <NameField {...props} />
      <Field label={t('poster.alt')} hint={t('poster.alt.hint')} problem={problems.alt} maxLength={300} value={textIn(config, 'alt')} onChange={(event) => onChange({ alt: event.target.value })} />
      <div>
        <p className="mb-1.5 text-sm font-semibold">{t('poster.size')}</p>
        <Segmented
          label={t('poster.size')}
          value={config.size === 'large' ? 'large' : 'small'}
          options={[
            { value: 'small', label: t('poster.size.small') },
            { value: 'large', label: t('poster.size.large') },
          ]}
          onChange={(size) => onChange({ size })}
        />
      </div>
    </>
  )
}
