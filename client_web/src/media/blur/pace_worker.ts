/** Says when it is time for the next picture: timers of a worker go on while the page is in the background. */
let timer: ReturnType<typeof setInterval> | undefined

self.addEventListener('message', ({ data }: MessageEvent<number>) => {
  clearInterval(timer)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's, not a window's
  timer = setInterval(() => self.postMessage(null), data)
})
