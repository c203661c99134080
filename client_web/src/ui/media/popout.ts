/** A window of its own for one picture; it closes with the page, and the page hears when it is closed. */
export interface PopOut {
  show(stream: MediaStream): void
  close(): void
}

/** Null: the browser opened none. */
export function openPopOut(title: string, stream: MediaStream, onClosed: () => void): PopOut | null {
  const opened = window.open('', '', 'popup,width=1120,height=680')
  if (opened === null) return null
  const { document: page } = opened
  page.title = title
  page.documentElement.style.cssText = 'height:100%;background:#101513'
  page.body.style.cssText = 'margin:0;height:100%;display:grid;place-items:center;overflow:hidden'
  const video = page.createElement('video')
  Object.assign(video, { muted: true, autoplay: true, playsInline: true, srcObject: stream })
  video.setAttribute('aria-label', title)
  video.style.cssText = 'width:100%;height:100%;object-fit:contain'
  page.body.append(video)
  video.addEventListener('dblclick', () => void (page.fullscreenElement === null ? page.documentElement.requestFullscreen() : page.exitFullscreen()).catch(() => undefined))
  opened.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && page.fullscreenElement === null) leave()
  })
  void video.play().catch(() => undefined)
  const leave = (): void => opened.close()
  window.addEventListener('pagehide', leave)
  // A window that is closed says so to nobody.
  const timer = setInterval(() => {
    if (opened.closed) finish()
  }, 400)
  const finish = (): void => {
    clearInterval(timer)
    window.removeEventListener('pagehide', leave)
    video.srcObject = null
    onClosed()
  }
  return {
    show: (next) => {
      if (video.srcObject !== next) video.srcObject = next
    },
    close: () => {
      opened.close()
      finish()
    },
  }
}
