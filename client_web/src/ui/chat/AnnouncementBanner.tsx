import { Megaphone, X } from 'lucide-react'
import { useRef } from 'react'
import { useChat } from '../../chat/store.ts'
import { t } from '../../i18n/translate.ts'
import { IconButton } from '../components/IconButton.tsx'
import { useBottom } from '../room/useBottom.ts'
import { MessageText } from './MessageText.tsx'

/** The newest announcement, over the room until it is put away. */
export function AnnouncementBanner() {
  const announcement = useChat((state) => state.announcement)
  const banner = useRef<HTMLElement>(null)
  useBottom(banner, '--news-bottom', announcement !== null)
  if (announcement === null) return null
  return (
    <div className="pointer-events-none absolute inset-x-0 top-16 z-10 flex justify-center px-3 sm:top-3">
      <section
        ref={banner}
        key={announcement.id}
        role="alert"
        className="pointer-events-auto flex max-h-[40dvh] w-full max-w-md animate-rise items-start gap-3 overflow-y-auto rounded-xl border border-light bg-light-wash py-2.5 pr-1.5 pl-4 text-ink shadow-far"
      >
        <Megaphone size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-light-ink" />
        <div className="min-w-0 flex-1">
          <p className="text-xs font-semibold text-light-ink">{t('chat.announcement.from', { name: announcement.name })}</p>
          <MessageText text={announcement.text} />
        </div>
        <IconButton label={t('chat.announcement.close')} icon={<X size={17} aria-hidden="true" />} onClick={() => useChat.setState({ announcement: null })} />
      </section>
    </div>
  )
}
