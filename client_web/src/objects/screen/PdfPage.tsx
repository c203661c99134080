import { useEffect, useRef, useState } from 'react'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { t } from '../../i18n/translate.ts'
import { Spinner } from '../../ui/components/Spinner.tsx'
import { fetchFile } from '../files.ts'

interface PdfPageProps {
  roomId: string
  fileId: string
  name: string
  page: number
  onPages: (file: string, pages: number) => void
}

/** One page of a PDF, as large as its place allows. */
export function PdfPage({ roomId, fileId, name, page, onPages }: PdfPageProps) {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null)
  const [failed, setFailed] = useState(false)
  const [drawn, setDrawn] = useState(0)
  const [size, setSize] = useState({ width: 0, height: 0 })

  useEffect(() => {
    const abort = new AbortController()
    let opened: PDFDocumentProxy | null = null
    void (async () => {
      try {
        const [{ openPdf }, blob] = await Promise.all([import('./pdf.ts'), fetchFile(roomId, fileId, abort.signal)])
        opened = await openPdf(await blob.arrayBuffer())
        if (abort.signal.aborted) void opened.destroy()
        else {
          setPdf(opened)
          onPages(fileId, opened.numPages)
        }
      } catch {
        if (!abort.signal.aborted) setFailed(true)
      }
    })()
    return () => {
      abort.abort()
      void opened?.destroy()
    }
  }, [roomId, fileId, onPages])

  useEffect(() => {
    const shown = frame.current
    if (shown === null) return undefined
    const observer = new ResizeObserver(() => setSize({ width: shown.clientWidth, height: shown.clientHeight }))
    observer.observe(shown)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    const target = canvas.current
    if (pdf === null || target === null || size.width === 0) return undefined
    let task: { cancel: () => void; promise: Promise<void> } | null = null
    let ended = false
    void (async () => {
      const wanted = Math.min(page, pdf.numPages)
      const sheet = await pdf.getPage(wanted)
      if (ended) return
      const whole = sheet.getViewport({ scale: 1 })
      const scale = Math.min(size.width / whole.width, size.height / whole.height)
      const viewport = sheet.getViewport({ scale: scale * Math.min(3, window.devicePixelRatio) })
      target.width = Math.floor(viewport.width)
      target.height = Math.floor(viewport.height)
      target.style.width = `${Math.floor(whole.width * scale)}px`
      target.style.height = `${Math.floor(whole.height * scale)}px`
      task = sheet.render({ canvas: target, viewport })
      await task.promise.then(
        () => setDrawn(wanted),
        () => undefined,
      )
    })()
    return () => {
      ended = true
      task?.cancel()
    }
  }, [pdf, page, size])

  return (
    <div ref={frame} className="relative grid size-full min-h-0 place-items-center overflow-hidden">
      {failed && <p role="alert">{t('screen.failed')}</p>}
      {!failed && drawn === 0 && <Spinner />}
      <canvas ref={canvas} role="img" aria-label={`${name} · ${t('screen.pageTurned', { page: drawn })}`} data-page={drawn} className={drawn === 0 ? 'absolute opacity-0' : ''} />
    </div>
  )
}
