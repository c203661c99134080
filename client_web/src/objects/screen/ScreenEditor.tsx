import { t } from '../../i18n/translate.ts'
import { Segmented } from '../../ui/components/Segmented.tsx'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { RoleField } from '../RoleField.tsx'
import { textIn } from '../store.ts'

/** Who presents on it and who sees it. */
export function ScreenEditor(props: EditorProps) {
  const { config, onChange } = props
  return (
    <>
      <NameField {...props} />
      <RoleField label={t('screen.role')} value={textIn(config, 'present_role')} onChange={(present_role) => onChange({ present_role })} />
      <div>
        <p className="mb-1.5 text-sm font-semibold">{t('screen.audience')}</p>
        <Segmented
          label={t('screen.audience')}
          value={config.audience === 'room' ? 'room' : 'area'}
          options={[
            { value: 'area', label: t('screen.audience.area') },
            { value: 'room', label: t('screen.audience.room') },
          ]}
          onChange={(audience) => onChange({ audience })}
        />
      </div>
    </>
  )
}
