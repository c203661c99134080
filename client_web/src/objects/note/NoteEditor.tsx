import { t } from '../../i18n/translate.ts'
import { TextArea } from '../../ui/components/TextArea.tsx'
import type { EditorProps } from '../kind.ts'
import { NameField } from '../NameField.tsx'
import { RoleField } from '../RoleField.tsx'
import { textIn } from '../store.ts'
import { NOTE_COLOURS, NOTE_COLOUR_NAMES, colourOf } from './colours.ts'

/** What is on a note. */
export function NoteEditor(props: EditorProps & { withRole?: boolean }) {
  const { config, onChange, problems, withRole = true } = props
  const chosen = colourOf(config.colour)
  return (
    <>
      <NameField {...props} />
      <TextArea
        label={t('note.text')}
        rows={6}
        maxLength={2000}
        problem={problems.text}
        value={textIn(config, 'text')}
        onChange={(event) => onChange({ text: event.target.value })}
      />
      <div role="radiogroup" aria-labelledby="note-colour">
        <p id="note-colour" className="mb-2 text-sm font-semibold">
          {t('note.colour')}
        </p>
        <div className="flex gap-2">
          {NOTE_COLOUR_NAMES.map((colour) => (
            <label
              key={colour}
              title={t(`note.colour.${colour}`)}
              style={{ backgroundColor: NOTE_COLOURS[colour] }}
              className="size-10 cursor-pointer rounded-full border-2 border-line transition-transform has-checked:scale-110 has-checked:border-ink has-focus-visible:outline-[2.5px] has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
            >
              <input type="radio" name="note-colour" className="sr-only" checked={colour === chosen} onChange={() => onChange({ colour })} />
              <span className="sr-only">{t(`note.colour.${colour}`)}</span>
            </label>
          ))}
        </div>
      </div>
      {withRole && <RoleField label={t('objects.role.edit')} value={textIn(config, 'edit_role')} onChange={(edit_role) => onChange({ edit_role })} />}
    </>
  )
}
