import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { choosePresence, savePresence, usePresence, type StatusName } from '../../state/presence.ts'
import { Button } from '../components/Button.tsx'
import { Choices } from '../components/Choices.tsx'
import { Field } from '../components/Field.tsx'
import { Switch } from '../components/Switch.tsx'
import { useSubmit } from '../login/useSubmit.ts'
import { StatusMark } from './StatusMark.tsx'

export const STATUS_CHOICES: readonly StatusName[] = ['available', 'busy', 'away', 'dnd']
const LONGEST_TEXT = 80

/** How one wants to be seen: the status, a few words, and whether people may follow. */
export function StatusForm() {
  const me = usePresence((presence) => presence.me)
  return (
    <div className="space-y-5">
      <Choices
        legend={t('presence.choose')}
        value={me.status}
        options={STATUS_CHOICES.map((value) => ({ value, label: t(`presence.${value}`), hint: t(`presence.${value}.hint`), icon: <StatusMark status={value} size={17} /> }))}
        onChange={(status) => choosePresence({ status })}
      />
      <StatusText key={me.text} text={me.text} />
      <Switch label={t('presence.findable')} hint={t('presence.findable.hint')} on={me.findable} onChange={(findable) => choosePresence({ findable })} />
    </div>
  )
}

function StatusText({ text: kept }: { text: string }) {
  const [text, setText] = useState(kept)
  const { problems, busy, submit } = useSubmit(['text'])
  const save = (next: string) => void submit({}, () => savePresence({ text: next.trim() }))
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        save(text)
      }}
    >
      <Field
        label={t('presence.text')}
        placeholder={t('presence.text.placeholder')}
        problem={problems.fields.text ?? problems.form ?? undefined}
        value={text}
        maxLength={LONGEST_TEXT}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        className="min-w-0 flex-1"
      />
      {kept !== '' && text === kept ? (
        <Button className="!h-12" onClick={() => save('')}>
          {t('presence.text.clear')}
        </Button>
      ) : (
        <Button type="submit" className="!h-12" busy={busy} disabled={text.trim() === kept}>
          {t('presence.text.save')}
        </Button>
      )}
    </form>
  )
}
