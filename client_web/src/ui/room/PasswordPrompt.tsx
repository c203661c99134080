import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import { rememberPassword } from '../../state/room_passwords.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { PasswordField } from '../components/PasswordField.tsx'

interface PasswordPromptProps {
  roomId: string
  /** The last one was not it. */
  wrong: boolean
  /** Tries the door again. */
  onBack: () => void
}

/** The door asks for the room's password. */
export function PasswordPrompt({ roomId, wrong, onBack }: PasswordPromptProps) {
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState(wrong ? t('door.password.wrong') : undefined)
  return (
    <form
      noValidate
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault()
        if (password === '') {
          setProblem(t('door.password.missing'))
          return
        }
        rememberPassword(roomId, password)
        onBack()
      }}
    >
      <div className="text-center">
        <span className="mx-auto mb-4 grid size-14 place-items-center rounded-full bg-brand-wash text-brand-ink">
          <KeyRound size={26} aria-hidden="true" />
        </span>
        <h2 className="text-2xl">{t('door.password.title')}</h2>
        <p className="mt-2 text-pretty text-ink-soft">{t('door.password.body')}</p>
      </div>
      <PasswordField
        label={t('door.password.label')}
        problem={problem}
        value={password}
        maxLength={128}
        autoComplete="off"
        onChange={(event) => {
          setPassword(event.target.value)
          setProblem(undefined)
        }}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the only thing to do here
        autoFocus
      />
      <div className="flex flex-wrap justify-center gap-2.5">
        <Button type="submit" look="primary" large>
          {t('door.password.submit')}
        </Button>
        <Link to="/rooms" className={buttonClass('plain', true)}>
          {t('gone.rooms')}
        </Link>
      </div>
    </form>
  )
}
