import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = import.meta.dirname

/** How the page is built: the same files for every shell. */
export default defineConfig({
  root: resolve(root, 'src-renderer'),
  // Relative, so that the page does not care which origin serves it.
  base: './',
  publicDir: resolve(root, 'resources/public'),
  plugins: [react()],
  build: {
    target: 'chrome140',
    outDir: resolve(root, 'out/renderer'),
    emptyOutDir: true,
    minify: true,
    // Monaco is one large piece, loaded when an editor is first shown.
    chunkSizeWarningLimit: 5000,
    rolldownOptions: { input: { index: resolve(root, 'src-renderer/index.html') } },
  },
  worker: { format: 'es' },
})
