import { GlobalWorkerOptions, type PDFDocumentProxy, getDocument } from 'pdfjs-dist'
// oxlint-disable-next-line import/default -- Vite makes the address of a file its default export
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = workerUrl

/** A PDF from its bytes. Letters, character maps and decoders come with the client; nothing is fetched from elsewhere. */
export async function openPdf(data: ArrayBuffer): Promise<PDFDocumentProxy> {
  return getDocument({
    data,
    cMapUrl: '/assets/pdfjs/cmaps/',
    standardFontDataUrl: '/assets/pdfjs/standard_fonts/',
    wasmUrl: '/assets/pdfjs/wasm/',
    isEvalSupported: false,
    enableXfa: false,
  }).promise
}
