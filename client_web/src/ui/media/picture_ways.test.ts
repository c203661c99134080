import { describe, expect, it, vi } from 'vitest'
import { canFillScreen, fillScreen, float } from './picture_ways.ts'

const refuse = (name: string) => () => Promise.reject(new DOMException('no', name))

describe('a picture above other windows', () => {
  it('goes there, and back when it is there', async () => {
    const video = { requestPictureInPicture: vi.fn<() => Promise<PictureInPictureWindow>>(() => Promise.resolve({} as PictureInPictureWindow)) }
    const page = { pictureInPictureEnabled: true, pictureInPictureElement: null as Element | null, exitPictureInPicture: vi.fn<() => Promise<void>>(() => Promise.resolve()) }
    expect(await float(page, video)).toBeNull()
    expect(video.requestPictureInPicture).toHaveBeenCalledOnce()
    page.pictureInPictureElement = video as unknown as Element
    expect(await float(page, video)).toBeNull()
    expect(page.exitPictureInPicture).toHaveBeenCalledOnce()
    expect(video.requestPictureInPicture).toHaveBeenCalledOnce()
  })

  it('says why it does not', async () => {
    const page = { pictureInPictureEnabled: true, pictureInPictureElement: null }
    expect(await float({}, {})).toBe('media.float.absent')
    expect(await float({ pictureInPictureEnabled: false }, {})).toBe('media.float.absent')
    expect(await float(page, { requestPictureInPicture: refuse('InvalidStateError') })).toBe('media.float.early')
    expect(await float(page, { requestPictureInPicture: refuse('NotAllowedError') })).toBe('media.float.refused')
  })
})

describe('a picture over the whole screen', () => {
  it('takes its frame along, and leaves by the same button', async () => {
    const frame = { requestFullscreen: vi.fn<() => Promise<void>>(() => Promise.resolve()) }
    const page = { fullscreenEnabled: true, fullscreenElement: null as Element | null, exitFullscreen: vi.fn<() => Promise<void>>(() => Promise.resolve()) }
    expect(await fillScreen(page, frame, null)).toBeNull()
    expect(frame.requestFullscreen).toHaveBeenCalledOnce()
    page.fullscreenElement = frame as unknown as Element
    expect(await fillScreen(page, frame, null)).toBeNull()
    expect(page.exitFullscreen).toHaveBeenCalledOnce()
  })

  it('is a matter of the video alone on an iPhone', async () => {
    const video = { webkitEnterFullscreen: vi.fn<() => void>() }
    expect(canFillScreen({}, video)).toBe(true)
    expect(await fillScreen({}, {}, video)).toBeNull()
    expect(video.webkitEnterFullscreen).toHaveBeenCalledOnce()
  })

  it('says why it is not', async () => {
    expect(await fillScreen({}, {}, {})).toBe('media.fullScreen.absent')
    expect(await fillScreen({ fullscreenEnabled: true, fullscreenElement: null }, { requestFullscreen: refuse('TypeError') }, null)).toBe('media.fullScreen.refused')
  })
})
