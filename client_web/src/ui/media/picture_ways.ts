import type { PlainKey } from '../../i18n/translate.ts'

/** How one picture leaves the page: above other windows (picture-in-picture), over the whole screen. */

/** iPhones fill the screen with a video only, and under a name of their own. */
type AppleVideo = object & { readonly webkitEnterFullscreen?: () => void }

type FloatPage = Partial<Pick<Document, 'pictureInPictureEnabled' | 'pictureInPictureElement' | 'exitPictureInPicture'>>
type FullPage = Partial<Pick<Document, 'fullscreenEnabled' | 'fullscreenElement' | 'exitFullscreen'>>
type FloatVideo = Partial<Pick<HTMLVideoElement, 'requestPictureInPicture'>>
type FullFrame = Partial<Pick<HTMLElement, 'requestFullscreen'>>

/** Whether the browser can do it at all. `video`: any one, for what only videos can. */
export function canFloat(page: FloatPage): boolean {
  return page.pictureInPictureEnabled === true
}

export function canFillScreen(page: FullPage, video: AppleVideo | null): boolean {
  return page.fullscreenEnabled === true || video?.webkitEnterFullscreen !== undefined
}

/** Floats a picture, or brings it back where it floats already; what went wrong, if anything. */
export async function float(page: FloatPage, video: FloatVideo | null): Promise<PlainKey | null> {
  if (!canFloat(page)) return 'media.float.absent'
  try {
    if (page.pictureInPictureElement === video) await page.exitPictureInPicture?.()
    else await video?.requestPictureInPicture?.()
    return null
  } catch (error) {
    // Asked before its first picture came, a video has nothing to float.
    return error instanceof DOMException && error.name === 'InvalidStateError' ? 'media.float.early' : 'media.float.refused'
  }
}

/** Fills the screen with a frame, or leaves that; what went wrong, if anything. */
export async function fillScreen(page: FullPage, frame: FullFrame | null, video: AppleVideo | null): Promise<PlainKey | null> {
  if (!canFillScreen(page, video)) return 'media.fullScreen.absent'
  try {
    if (page.fullscreenEnabled !== true) video?.webkitEnterFullscreen?.()
    else if (page.fullscreenElement === frame) await page.exitFullscreen?.()
    else await frame?.requestFullscreen?.()
    return null
  } catch {
    return 'media.fullScreen.refused'
  }
}
