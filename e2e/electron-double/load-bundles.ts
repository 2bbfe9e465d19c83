import { existsSync, readFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import type * as Double from './electron-double.ts'

const root = join(import.meta.dirname, '../..')
const double = pathToFileURL(join(import.meta.dirname, 'electron-double.ts')).href
const require = createRequire(import.meta.url)

/**
 * Loads the built main bundle with the double in Electron's place, through Node itself: what is tested is what is
 * shipped, not what a test runner makes of it.
 */
export function loadMain(): typeof Double {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron'
        ? { url: double, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
  })
  const bundle = join(root, 'out/main/electron.js')
  if (!existsSync(bundle)) throw new Error(`${bundle} is not built: run \`npm run build\` first`)
  require(bundle)
  return require(join(import.meta.dirname, 'electron-double.ts')) as typeof Double
}

export type Bridge = { send(text: string): void; onText(listener: (text: string) => void): () => void }

/** Runs the built preload as a sandboxed one runs: a script with `require` of Electron's renderer half and no Node. */
export function loadPreload(electron: typeof Double, contents: Double.WebContents): Bridge {
  const source = readFileSync(join(root, 'out/preload/preload.cjs'), 'utf8')
  const listeners = new Map<string, Set<(...given: unknown[]) => void>>()
  contents.receive = (channel, ...given) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...given)
  }
  const exposed = new Map<string, unknown>()
  const renderer = electron.strict('renderer', {
    contextBridge: electron.strict('contextBridge', {
      exposeInMainWorld: (name: string, api: unknown) => void exposed.set(name, api),
    }),
    ipcRenderer: electron.strict('ipcRenderer', {
      send: (channel: string, ...given: unknown[]) =>
        void electron.sendFromFrame(contents, contents.mainFrame, channel, ...given),
      on: (channel: string, listener: (...given: unknown[]) => void) => {
        const all = listeners.get(channel) ?? new Set()
        listeners.set(channel, all.add(listener))
      },
      off: (channel: string, listener: (...given: unknown[]) => void) => void listeners.get(channel)?.delete(listener),
    }),
  })
  const load = (name: string) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload cannot load ${name}`)
    return renderer
  }
  runInNewContext(source, { require: load, module: { exports: {} }, exports: {}, crypto: globalThis.crypto, TypeError })
  if ([...exposed.keys()].join() !== 'pilothouse') throw new Error(`The preload exposes ${[...exposed.keys()].join()}`)
  return exposed.get('pilothouse') as Bridge
}
