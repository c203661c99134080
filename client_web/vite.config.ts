import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { precompress } from './precompress.ts'
import { shipAssets } from './ship_assets.ts'

/** Where `npm run dev` finds the server. */
const SERVER = process.env.HALLWAY_DEV_SERVER ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [react(), tailwindcss(), shipAssets(), precompress()],
  build: {
    // Everything in /static carries a content hash and may be cached for ever; public/ files may not.
    assetsDir: 'static',
    target: 'es2022',
    // Pixi makes the game room's chunk large by nature; it is loaded on the way into a room only.
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/ws': { target: SERVER, ws: true },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'art/**/*.test.ts'],
  },
})
