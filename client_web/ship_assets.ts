import { cp, mkdir, readdir } from 'node:fs/promises'
import { createReadStream, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const MODULES = 'node_modules'

/** Files of libraries that the client fetches by name when it needs them: by address, the folder that holds them. */
const FOLDERS: Readonly<Record<string, string>> = {
  // Of Excalidraw's letters all but Xiaolai (13 MB of Chinese): such text is shown in the system's letters.
  '/assets/excalidraw/fonts': '@excalidraw/excalidraw/dist/prod/fonts',
  '/assets/pdfjs/cmaps': 'pdfjs-dist/cmaps',
  '/assets/pdfjs/standard_fonts': 'pdfjs-dist/standard_fonts',
  '/assets/pdfjs/wasm': 'pdfjs-dist/wasm',
}
const ELSEWHERE = 'https://esm.sh/'
const HERE = '${location.origin}/assets/excalidraw/?'
const LEFT_OUT = new Set(['Xiaolai'])

/** Ships these files with the client, so that a browser never has to ask anybody else for them. */
export function shipAssets(): Plugin {
  let root = ''
  let outDir = ''
  return {
    name: 'hallway-ship-assets',
    configResolved(config) {
      root = config.root
      outDir = resolve(config.root, config.build.outDir)
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '')
        const base = Object.keys(FOLDERS).find((folder) => path.startsWith(`${folder}/`))
        const file = base === undefined || path.includes('..') ? '' : join(root, MODULES, FOLDERS[base]!, path.slice(base.length))
        if (file === '' || !existsSync(file)) next()
        else createReadStream(file).pipe(response)
      })
    },
    // Excalidraw names a place on the web behind each of its own fonts; here it is the same place again. It has to be a
    // whole address: without one no font at all is registered.
    transform(code, id) {
      return id.includes('@excalidraw/excalidraw') && code.includes(`\`${ELSEWHERE}`) ? code.replaceAll(`\`${ELSEWHERE}`, `\`${HERE}`) : null
    },
    async writeBundle() {
      for (const [address, folder] of Object.entries(FOLDERS)) {
        const target = join(outDir, address)
        await mkdir(target, { recursive: true })
        for (const name of await readdir(join(root, MODULES, folder))) {
          if (!LEFT_OUT.has(name)) await cp(join(root, MODULES, folder, name), join(target, name), { recursive: true })
        }
      }
    },
  }
}
