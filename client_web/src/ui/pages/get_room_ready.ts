import { loadArt } from '../../render/art.ts'
import { useSettings } from '../../state/settings.ts'
import { rendererFor } from '../room/renderer.ts'
import { loadRoomPage } from './room_page.ts'

/** The room's code, art and graphics come down while a visitor reads and types a name. What fails is tried again inside. */
export async function getRoomReady(): Promise<void> {
  const art = loadArt().catch(() => undefined)
  try {
    const [{ warmUp }] = await Promise.all([import('../../render/warm_up.ts'), loadRoomPage()])
    await warmUp(rendererFor(location.search, useSettings.getState().renderer))
  } catch {
    // A room is entered without having been made ready, only later.
  }
  await art
}
