import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import page from './page.vite.config.ts'

const root = import.meta.dirname

export default defineConfig({
  main: {
    build: {
      // Electron 45 embeds Node 24; the server shell runs the same bundle on plain Node 24.
      target: 'node24',
      outDir: resolve(root, 'out/main'),
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          electron: resolve(root, 'src-main/electron/main.ts'),
          cli: resolve(root, 'src-main/cli/main.ts'),
        },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(root, 'out/preload'),
      // A sandboxed preload can load no module: one CommonJS file with everything in it.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'src-main/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: page,
})
