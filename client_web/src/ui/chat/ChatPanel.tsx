import { ArrowLeft, Bell, BellOff, LogIn, Search, Volume2, VolumeX, X } from 'lucide-react'
import { useState } from 'react'
import { askToNotify, canNotify } from '../../chat/notices.ts'
import { changeChatPreferences, useChatPreferences } from '../../chat/preferences.ts'
import { directKey, unreadOf, useChat } from '../../chat/store.ts'
import { t } from '../../i18n/translate.ts'
import { showToast } from '../../state/toasts.ts'
import { IconButton } from '../components/IconButton.tsx'
import { RowMenu, type RowAction } from '../components/RowMenu.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { SidePanel } from '../room/SidePanel.tsx'
import type { Hud } from '../room/hud.ts'
import { ConversationView } from './ConversationView.tsx'
import { DirectList } from './DirectList.tsx'

const TABS = ['nearby', 'room', 'direct'] as const

/** What people write: to those near them, to the room, to one another. */
export function ChatPanel({ hud }: { hud: Hud }) {
  const tab = useChat((state) => state.tab)
  const partner = useChat((state) => state.partner)
  const isKept = useChat((state) => state.isKept)
  const [search, setSearch] = useState<string | null>(null)
  const key = tab !== 'direct' ? tab : partner === null ? null : directKey(partner)
  const canSearch = key !== null && key !== 'nearby' && !(key === 'room' && isKept === false)
  const searching = canSearch ? search : null
  return (
    <SidePanel
      title={t('chat.title')}
      scrolls={false}
      actions={
        <>
          {canSearch && (
            <IconButton
              label={t(search === null ? 'chat.search' : 'chat.search.close')}
              icon={search === null ? <Search size={18} aria-hidden="true" /> : <X size={18} aria-hidden="true" />}
              pressed={search !== null}
              onClick={() => setSearch(search === null ? '' : null)}
            />
          )}
          <ChatMenu />
        </>
      }
      head={
        <div className="border-b border-line px-3 pb-2.5">
          <Tabs
            onChange={() => {
              setSearch(null)
            }}
          />
          {tab === 'direct' && partner !== null && <PartnerHead partner={partner} />}
          {searching !== null && (
            <div className="mt-2">
              <SearchBox label={t('chat.search')} value={searching} onChange={setSearch} />
            </div>
          )}
        </div>
      }
    >
      {key === null ? (
        <DirectList selfUserId={hud.user.id} onOpen={(userId) => useChat.setState({ partner: userId })} onPeople={() => hud.showPanel('people')} />
      ) : (
        <ConversationView key={key} hud={hud} conversation={key} search={searching} />
      )}
    </SidePanel>
  )
}

function Tabs({ onChange }: { onChange: () => void }) {
  const state = useChat()
  const label = (tab: (typeof TABS)[number]) => {
    const count = state.tab === tab && tab !== 'direct' ? 0 : unreadOf(state, tab)
    const name = t(`chat.tab.${tab}`)
    return count === 0 ? name : t('chat.tab.unread', { tab: name, count: count > 99 ? '99+' : count })
  }
  return (
    <Segmented
      label={t('chat.tabs')}
      value={state.tab}
      options={TABS.map((tab) => ({ value: tab, label: label(tab) }))}
      onChange={(tab) => {
        useChat.setState({ tab })
        onChange()
      }}
    />
  )
}

function PartnerHead({ partner }: { partner: string }) {
  const name = useChat(({ partners }) => partners.get(partner)?.name ?? '')
  return (
    <div className="mt-2 flex items-center gap-1">
      <IconButton label={t('chat.direct.back')} icon={<ArrowLeft size={18} aria-hidden="true" />} onClick={() => useChat.setState({ partner: null })} />
      <h3 className="min-w-0 flex-1 truncate font-sans text-sm font-semibold tracking-normal">
        <bdi>{name}</bdi>
      </h3>
    </div>
  )
}

/** Sounds, notifications, and lines for comings and goings. */
function ChatMenu() {
  const { sounds, notifications, comings } = useChatPreferences()
  const toggleNotifications = async () => {
    // The browser's own question comes only after this click.
    if (!notifications && !(await askToNotify())) showToast({ key: 'notify', kind: 'problem', title: t('chat.notify.refused') })
    else changeChatPreferences({ notifications: !notifications })
  }
  const actions: RowAction[] = [
    { label: t(sounds ? 'chat.sounds.on' : 'chat.sounds.off'), icon: sounds ? <Volume2 size={16} /> : <VolumeX size={16} />, act: () => changeChatPreferences({ sounds: !sounds }) },
    ...(canNotify()
      ? [{ label: t(notifications ? 'chat.notify.on' : 'chat.notify.off'), icon: notifications ? <Bell size={16} /> : <BellOff size={16} />, act: () => void toggleNotifications() }]
      : []),
    { label: t(comings ? 'chat.comings.on' : 'chat.comings.off'), icon: <LogIn size={16} />, act: () => changeChatPreferences({ comings: !comings }) },
  ]
  return <RowMenu label={t('chat.menu')} actions={actions} />
}
