import { useGameStore } from '../../game/store.ts'
import { messageNamed, t } from '../../i18n/translate.ts'
import { QUESTION, REPLY } from '../../net/wire.ts'
import type { PlacesNews } from '../../places/room_places.ts'
import { type Question, usePlacesStore } from '../../places/store.ts'
import { hideToast, showToast } from '../../state/toasts.ts'

const NAMES = { [QUESTION.knock]: 'knock', [QUESTION.whisper]: 'whisper', [QUESTION.lead]: 'lead', [QUESTION.call]: 'call' } as const
const OUTCOMES = { [REPLY.no]: 'no', [REPLY.yes]: 'yes', [REPLY.nobody]: 'nobody' } as const

const keyOf = ({ question, asker, zone }: Question): string => `ask ${question} ${asker} ${zone}`
const nameOf = (avatar: number): string => useGameStore.getState().people.get(avatar)?.name ?? t('places.somebody')

function titleOf(question: Question): string {
  const name = nameOf(question.asker)
  const kind = NAMES[question.question as keyof typeof NAMES]
  if (kind !== 'knock') return t(`ask.${kind}`, { name })
  return t('ask.knock', { name, area: usePlacesStore.getState().areas.get(question.zone)?.zone.name ?? '' })
}

/** Why one cannot sit there. */
export function seatRefused(code: string): void {
  showToast({ key: 'seat', kind: 'news', title: messageNamed(`seat.${code}`) ?? t('seat.refused') })
}

/** Questions and answers as cards in the corner; a question has its two answers as buttons. */
export const placeNews: PlacesNews = {
  onAsked: (question) => {
    const kind = NAMES[question.question as keyof typeof NAMES]
    const answer = (accepts: boolean) => () => usePlacesStore.getState().controls?.answer(question, accepts)
    showToast({
      key: keyOf(question),
      kind: 'news',
      title: titleOf(question),
      ...(kind === 'whisper' || kind === 'lead' ? { body: t(`ask.${kind}.body`) } : {}),
      actions: [
        { label: t(`ask.${kind}.yes`), primary: true, act: answer(true) },
        { label: t('ask.no'), act: answer(false) },
      ],
    })
  },
  onOver: (question) => hideToast(keyOf(question)),
  onAnswered: (question, by, reply) => {
    const kind = NAMES[question.question as keyof typeof NAMES]
    const outcome = OUTCOMES[reply as keyof typeof OUTCOMES]
    const title = outcome === 'nobody' ? t(`answer.${kind}.nobody`) : t(`answer.${kind}.${outcome}`, { name: nameOf(by) })
    showToast({ key: `answer ${keyOf(question)}`, kind: outcome === 'yes' ? 'good' : 'news', title })
  },
  onRefused: (code, message) => showToast({ key: `places ${code}`, kind: 'problem', title: message }),
}
