import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

/** File kinds that shrink; fonts and pictures are compressed already. */
const COMPRESSIBLE = /\.(?:html|js|css|svg|json|txt|webmanifest|wasm|map)$/
/** Below this size the headers cost more than compression saves. */
const SMALLEST_BYTES = 1024
/** Above this size the last per cent costs half a minute, and a second copy is not worth its place in the package. */
const LARGE_BYTES = 1_000_000

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Every regular file under `folder`, deepest included. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function compress(path: string): Promise<void> {
  if (!COMPRESSIBLE.test(path) || (await stat(path)).size < SMALLEST_BYTES) return
  const bytes = await readFile(path)
  const isLarge = bytes.length > LARGE_BYTES
  const quality = { [constants.BROTLI_PARAM_QUALITY]: isLarge ? 9 : constants.BROTLI_MAX_QUALITY }
  if (!isLarge) await writeFile(`${path}.gz`, await zip(bytes, { level: constants.Z_BEST_COMPRESSION }))
  await writeFile(`${path}.br`, await brotli(bytes, { params: quality }))
}

/**
 * Writes `name.gz` and `name.br` beside each compressible file of the build, so that the server
 * sends finished bytes and spends no time compressing.
 */
export function precompress(): Plugin {
  let folder = ''
  return {
    name: 'hallway-precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    // Behind whatever else writes files; after a build that failed there are none, and its error is what matters.
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        // All at once: Node.js compresses on as many threads as there are processors.
        await Promise.all((await filesBelow(folder)).map(compress))
      },
    },
  }
}
