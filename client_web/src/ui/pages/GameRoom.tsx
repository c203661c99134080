import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { useVisit } from '../../state/visit.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Splash } from '../components/Splash.tsx'
import { RoomStage } from '../room/RoomStage.tsx'
import { useTitle } from '../useTitle.ts'

/** A room from the inside. The default export makes it a chunk of its own. */
export default function GameRoom({ roomId, user }: { roomId: string; user: User }) {
  const [visit, retry] = useVisit(roomId)
  useTitle(visit.phase === 'ready' ? visit.room.name : t('room.loading'))

  if (visit.phase === 'loading') return <Splash text={t('room.loading')} />
  if (visit.phase === 'failed') {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <EmptyState level={1} title={t('room.failed.title')} body={wordsFor(visit.error)} scene="closed">
          <Button look="primary" large onClick={retry}>
            {t('app.retry')}
          </Button>
          <Link to="/rooms" className={buttonClass('plain', true)}>
            {t('app.back')}
          </Link>
        </EmptyState>
      </main>
    )
  }
  return <RoomStage room={visit.room} map={visit.map} user={user} />
}
