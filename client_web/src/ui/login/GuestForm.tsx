import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { enterAsGuest } from '../../state/auth.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Field } from '../components/Field.tsx'
import { LookEditor } from '../look/LookEditor.tsx'
import { randomLook } from '../look/parts.ts'
import { EntryForm } from './EntryForm.tsx'
import { useSubmit } from './useSubmit.ts'

/** Enters by name and look alone; both are remembered for the next visit. */
export function GuestForm({ action }: { action: string }) {
  const [name, setName] = useState(() => useSettings.getState().guestName)
  const [look, setLook] = useState(() => useSettings.getState().look ?? randomLook())
  const { problems, busy, submit } = useSubmit(['name'])

  return (
    <EntryForm
      action={action}
      busy={busy}
      problem={problems.form}
      long
      onSubmit={() => {
        const given = name.trim()
        void submit({ name: given === '' ? t('login.missing.name') : null }, async () => {
          changeSettings({ guestName: given, look })
          await enterAsGuest(given, look)
        })
      }}
    >
      <Field
        label={t('login.name')}
        hint={t('login.name.hint')}
        problem={problems.fields.name}
        value={name}
        maxLength={32}
        autoComplete="nickname"
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset>
        <legend className="mb-1.5 text-sm font-semibold">{t('login.look')}</legend>
        <div className="rounded-xl border border-line bg-surface p-3">
          <LookEditor look={look} onChange={setLook} />
        </div>
      </fieldset>
    </EntryForm>
  )
}
