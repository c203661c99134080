import { t } from '../../i18n/translate.ts'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { RoleField } from '../RoleField.tsx'
import { textIn } from '../store.ts'

/** Who draws on it and who looks. */
export function WhiteboardEditor(props: EditorProps) {
  const { config, onChange } = props
  return (
    <>
      <NameField {...props} />
      <RoleField label={t('board.edit')} value={textIn(config, 'edit_role')} onChange={(edit_role) => onChange({ edit_role })} />
      <RoleField label={t('board.view')} value={textIn(config, 'view_role')} onChange={(view_role) => onChange({ view_role })} />
    </>
  )
}
