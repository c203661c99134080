import { List } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import type { RoomPart } from '../room/hud.ts'
import { SidePanel } from '../room/SidePanel.tsx'
import { AudioOnly } from './AudioOnly.tsx'
import { OutlineContent } from './OutlineContent.tsx'
import { RoomNews } from './RoomNews.tsx'
import { baseLandmarks } from './landmarks.ts'

/** The room for those who do not look at it. */
const part: RoomPart = {
  panels: [
    {
      id: 'outline',
      label: 'list.title',
      icon: List,
      order: 90,
      shortcut: 'o',
      Component: ({ hud }) => (
        <SidePanel title={t('list.title')}>
          <OutlineContent hud={hud} />
        </SidePanel>
      ),
    },
  ],
  layers: [
    { id: 'audio only', slot: 'over', order: 0, Component: AudioOnly },
    { id: 'news', slot: 'unseen', order: 10, Component: RoomNews },
  ],
  landmarks: baseLandmarks,
}

export default part
