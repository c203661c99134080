import { Ban, Mic, MicOff, ShieldCheck, UserX } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Person } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import type { Room, RoleName } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { showToast } from '../../state/toasts.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import type { RowAction } from '../components/RowMenu.tsx'
import { BanDialog } from '../settings/BanDialog.tsx'
import { roleWord } from '../settings/roles.ts'
import { deedsFor, type Deed } from './moderation.ts'

const ICONS: Readonly<Record<Deed['what'], ReactNode>> = {
  mute: <MicOff size={16} />,
  unmute: <Mic size={16} />,
  role: <ShieldCheck size={16} />,
  kick: <UserX size={16} />,
  ban: <Ban size={16} />,
}

const labelOf = (deed: Deed) => (deed.what === 'role' ? t('people.makeRole', { role: roleWord(deed.role).toLowerCase() }) : t(`people.${deed.what}`))

/** Does something that needs no further question, and says how it went. */
async function doNow(roomId: string, person: Person, deed: Deed): Promise<void> {
  const key = `moderation ${person.userId}`
  const { name } = person
  try {
    if (deed.what === 'role') {
      await api.setRole(roomId, person.userId, deed.role)
      showToast({ key, kind: 'good', title: t('people.roleToast', { name, role: roleWord(deed.role).toLowerCase() }) })
    } else {
      const muted = deed.what === 'mute'
      await api.mute(roomId, person.userId, muted)
      showToast({ key, kind: 'good', title: muted ? t('people.mutedToast', { name }) : t('people.unmutedToast', { name }) })
    }
  } catch (error) {
    showToast({ key, kind: 'problem', title: wordsFor(error) })
  }
}

/** What may be done about people in the room, and the questions that some of it takes. */
export function useModeration(room: Room, ownRole: RoleName): { actionsFor: (person: Person) => RowAction[]; dialog: ReactNode } {
  const [asking, setAsking] = useState<{ person: Person; what: 'kick' | 'ban' } | null>(null)

  const actionsFor = (person: Person) =>
    deedsFor(person, ownRole, room.rights).map((deed) => ({
      label: labelOf(deed),
      icon: ICONS[deed.what],
      danger: deed.what === 'kick' || deed.what === 'ban',
      act: () => {
        if (deed.what === 'kick' || deed.what === 'ban') setAsking({ person, what: deed.what })
        else void doNow(room.id, person, deed)
      },
    }))

  const close = () => setAsking(null)
  let dialog: ReactNode = null
  if (asking !== null) {
    const { name, userId } = asking.person
    const done = (title: string) => showToast({ key: `moderation ${userId}`, kind: 'good', title })
    dialog =
      asking.what === 'ban' ? (
        <BanDialog person={{ id: userId, name }} addressKnown ban={(draft) => api.ban(room.id, draft)} onDone={() => done(t('people.bannedToast', { name }))} onClose={close} />
      ) : (
        <ConfirmDialog
          title={t('people.kick.title', { name })}
          body={t('people.kick.body', { name })}
          action={t('people.kick')}
          danger
          onConfirm={async () => {
            await api.kick(room.id, userId)
            done(t('people.kickedToast', { name }))
          }}
          onClose={close}
        />
      )
  }
  return { actionsFor, dialog }
}
