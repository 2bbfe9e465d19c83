import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { contentSecurityPolicy } from '../../src-main/adapters/page-files/content-security-policy.ts'

const root = resolve(import.meta.dirname, '../..')

/**
 * The real page on a made-up core, for looking at every state of it: `npx vite --config e2e/preview/vite.config.ts`.
 * `vite build` with the same file and `vite preview` serve it as it ships: minified, under the shells' own policy.
 */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: resolve(root, 'resources/public'),
  plugins: [react()],
  cacheDir: resolve(root, 'node_modules/.vite/preview'),
  server: { port: 5199, fs: { allow: [root] } },
  preview: { port: 5198, headers: { 'content-security-policy': contentSecurityPolicy() } },
  build: { target: 'chrome140', outDir: resolve(root, 'out/preview'), emptyOutDir: true, chunkSizeWarningLimit: 5000 },
  worker: { format: 'es' },
})
