import { EventEmitter } from 'node:events'

/**
 * A strict double of the parts of Electron that our desktop layer uses. It holds what was asked of Electron, so that a
 * test can look at it, and lets a test play Chromium's side. Whatever is not modelled throws: a new use of Electron
 * has to be looked at here first. It says nothing about Electron itself.
 */
export function strict<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get(target, property, receiver) {
      if (typeof property === 'string' && !(property in target) && property !== 'then')
        throw new Error(`electron.${name}.${property} is not modelled by the double`)
      return Reflect.get(target, property, receiver)
    },
    set(_target, property) {
      throw new Error(`electron.${name}.${String(property)} may not be assigned in the double`)
    },
  })
}

/** Everything that was asked, in order: `['app.enableSandbox']`, `['app.setPath', 'userData', '/x']`. */
export const asked: unknown[][] = []
const note =
  <A extends unknown[], R>(name: string, act: (...given: A) => R) =>
  (...given: A): R => {
    asked.push([name, ...given])
    return act(...given)
  }
const nothing = () => undefined

// ---- app

export const appEvents = new EventEmitter()
let isReady: () => void = nothing
const ready = new Promise<void>(resolve => {
  isReady = resolve
})
/** Chromium has started. */
export const becomeReady = (): void => isReady()
export const app = strict('app', {
  isPackaged: false,
  enableSandbox: note('app.enableSandbox', nothing),
  setName: note('app.setName', nothing),
  setPath: note('app.setPath', (_name: string, _path: string) => undefined),
  requestSingleInstanceLock: note('app.requestSingleInstanceLock', () => true),
  whenReady: () => ready,
  getVersion: () => '0.0.0-double',
  getLocale: () => 'en-GB',
  on: (event: string, listener: (...given: never[]) => void) => appEvents.on(event, listener as () => void),
  quit: note('app.quit', nothing),
  exit: note('app.exit', (_code: number) => undefined),
})

// ---- protocol

export const protocols = new Map<string, (request: Request) => Promise<Response>>()
export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: note('protocol.registerSchemesAsPrivileged', (_schemes: unknown[]) => undefined),
  handle: note('protocol.handle', (scheme: string, handler: (request: Request) => Promise<Response>) => {
    protocols.set(scheme, handler)
  }),
})

// ---- session

type Decide = (granted: boolean) => void
export const permissions: {
  request?: (contents: { getURL(): string } | null, permission: string, decide: Decide) => void
  check?: (contents: unknown, permission: string, origin: string) => boolean
  device?: (details: unknown) => boolean
} = {}
export const session = strict('session', {
  defaultSession: strict('session.defaultSession', {
    setPermissionRequestHandler: (handler: NonNullable<typeof permissions.request>) => {
      permissions.request = handler
    },
    setPermissionCheckHandler: (handler: NonNullable<typeof permissions.check>) => {
      permissions.check = handler
    },
    setDevicePermissionHandler: (handler: NonNullable<typeof permissions.device>) => {
      permissions.device = handler
    },
  }),
})

// ---- IPC

const ipcEvents = new EventEmitter()
export const ipcMain = strict('ipcMain', {
  on: (channel: string, listener: (...given: unknown[]) => void) => ipcEvents.on(channel, listener),
  off: (channel: string, listener: (...given: unknown[]) => void) => ipcEvents.off(channel, listener),
})
export const ipcChannels = (): readonly string[] => ipcEvents.eventNames().map(String)
export type Frame = { readonly url: string }
/** A renderer sends: what it says is copied, as it would be between processes. */
export const sendFromFrame = (contents: WebContents, frame: Frame | null, channel: string, ...given: unknown[]) =>
  ipcEvents.emit(channel, { sender: contents, senderFrame: frame }, ...structuredClone(given))

// ---- windows

export class WebContents extends EventEmitter {
  mainFrame: Frame = { url: 'about:blank' }
  destroyed = false
  reloads = 0
  readonly sent: unknown[][] = []
  /** Where the double of the preload's side listens. */
  receive: (channel: string, ...given: unknown[]) => void = nothing
  windowOpen: ((details: { url: string }) => { action: string }) | undefined
  isDestroyed(): boolean {
    return this.destroyed
  }
  getURL(): string {
    return this.mainFrame.url
  }
  send(channel: string, ...given: unknown[]): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed')
    const copied = structuredClone(given)
    this.sent.push([channel, ...copied])
    queueMicrotask(() => this.receive(channel, ...copied))
  }
  reload(): void {
    this.reloads++
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpen = handler
  }
}

export const windows: BrowserWindow[] = []
export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents()
  readonly options: Electron.BrowserWindowConstructorOptions
  address = ''
  shown = false
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    windows.push(this)
    appEvents.emit('web-contents-created', {}, this.webContents)
  }
  static getAllWindows(): readonly BrowserWindow[] {
    return windows
  }
  static getFocusedWindow(): BrowserWindow | null {
    return windows[0] ?? null
  }
  async loadURL(address: string): Promise<void> {
    this.address = address
    this.webContents.mainFrame = { url: address }
  }
  show(): void {
    this.shown = true
  }
}

// ---- the rest

export const menus: Electron.MenuItemConstructorOptions[][] = []
export const Menu = strict('Menu', {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (menu: Electron.MenuItemConstructorOptions[]) => void menus.push(menu),
})

export const dialogAnswer = { canceled: false, filePaths: ['/chosen'] }
export const dialog = strict('dialog', {
  showOpenDialog: note('dialog.showOpenDialog', async (..._given: unknown[]) => dialogAnswer),
})

export const shell = strict('shell', {
  openExternal: note('shell.openExternal', async (_url: string) => undefined),
})

const reversed = (bytes: Buffer): Buffer => Buffer.from(bytes).reverse()
export const keychain = { available: true, backend: 'gnome_libsecret' }
export const safeStorage = strict('safeStorage', {
  isEncryptionAvailable: () => keychain.available,
  getSelectedStorageBackend: () => keychain.backend,
  encryptString: (text: string) => reversed(Buffer.from(text, 'utf8')),
  decryptString: (bytes: Buffer) => reversed(bytes).toString('utf8'),
})

export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: false })
