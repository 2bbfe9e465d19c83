import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createClient } from '../../shared/contract/client.ts'
import { contract } from '../../shared/contract/index.ts'
import type { Channel } from '../../shared/contract/wire.ts'
import type { BrowserWindow } from './electron-double.ts'
import { type Bridge, loadMain, loadPreload } from './load-bundles.ts'

// The built main and preload bundles against a strict double of Electron. What Electron itself does (start-up, its
// sandbox, the marshalling of its bridge, native dialogs and menus) is not tested here and cannot be.

const data = mkdtempSync(join(tmpdir(), 'pilothouse-double-'))
process.env['PILOTHOUSE_DATA'] = data
const electron = loadMain()
let window: BrowserWindow

beforeAll(async () => {
  electron.becomeReady()
  await vi.waitFor(() => expect(electron.windows.length).toBe(1))
  window = electron.windows[0]!
})
afterAll(() => rmSync(data, { recursive: true, force: true }))

const page = 'app://pilothouse/index.html'
const channelOf = (bridge: Bridge): Channel => ({
  send: text => bridge.send(text),
  onText: listener => void bridge.onText(listener),
  onClose() {},
  close() {},
})
const prevented = (event: string, url: string): boolean => {
  let isPrevented = false
  window.webContents.emit(event, { url, preventDefault: () => (isPrevented = true) }, url)
  return isPrevented
}

test('what is read when Chromium starts is said before it does', () => {
  const names = electron.asked.map(([name]) => name)
  expect(names.slice(0, 5)).toEqual([
    'protocol.registerSchemesAsPrivileged',
    'app.enableSandbox',
    'app.setName',
    'app.setPath',
    'app.requestSingleInstanceLock',
  ])
  expect(electron.asked[0]?.[1]).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
})

test('the window is sandboxed, isolated and without Node, and loads our own origin', () => {
  expect(window.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
  })
  expect(basename(window.options.webPreferences?.preload ?? '')).toBe('preload.cjs')
  expect(existsSync(window.options.webPreferences?.preload ?? '')).toBe(true)
  expect(existsSync(String(window.options.icon))).toBe(true)
  expect(window.address).toBe(page)
  expect(window.shown).toBe(false)
  window.emit('ready-to-show')
  expect(window.shown).toBe(true)
})

test('the preload is one CommonJS file that loads nothing but electron', () => {
  const source = readFileSync(resolve(import.meta.dirname, '../../out/preload/preload.cjs'), 'utf8')
  expect([...source.matchAll(/require\(([^)]*)\)/g)].map(([, what]) => what?.replace(/["'`]/g, ''))).toEqual([
    'electron',
  ])
})

test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s goes nowhere but our own pages', event => {
  for (const url of [
    'https://example.org/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'app://other/index.html',
    'app://pilothouse.evil/index.html',
    'app://user@pilothouse/index.html',
    'about:blank',
    '',
  ])
    expect([url, prevented(event, url)]).toEqual([url, true])
  expect(prevented(event, page)).toBe(false)
  expect(prevented(event, `${page}#/0123456789abcdef/topology`)).toBe(false)
})

test('no window opens, no webview attaches; only web addresses go to the browser', () => {
  let isPrevented = false
  window.webContents.emit('will-attach-webview', { preventDefault: () => (isPrevented = true) })
  expect(isPrevented).toBe(true)
  const opened = () => electron.asked.filter(([name]) => name === 'shell.openExternal').map(([, url]) => url)
  const before = opened().length
  for (const url of ['file:///etc/passwd', 'ssh://host', 'javascript:1', 'app://pilothouse/', 'https://a:b@c.d/', 'x'])
    expect(window.webContents.windowOpen?.({ url })).toEqual({ action: 'deny' })
  expect(opened().length).toBe(before)
  expect(window.webContents.windowOpen?.({ url: 'https://example.org/a' })).toEqual({ action: 'deny' })
  expect(opened().at(-1)).toBe('https://example.org/a')
})

test('every permission is denied but copying from our own page', () => {
  const { request, check, device } = electron.permissions
  const asks = (url: string, permission: string) => {
    let granted: boolean | undefined
    request?.({ getURL: () => url }, permission, answer => {
      granted = answer
    })
    return granted
  }
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'hid', 'usb']) {
    expect(asks(page, permission)).toBe(false)
    expect(check?.(null, permission, 'app://pilothouse')).toBe(false)
  }
  expect(asks(page, 'clipboard-sanitized-write')).toBe(true)
  expect(asks('https://example.org/', 'clipboard-sanitized-write')).toBe(false)
  expect(device?.({})).toBe(false)
})

test('the scheme answers from the built page alone, with the policy that fences it in', async () => {
  expect([...electron.protocols.keys()]).toEqual(['app'])
  const get = async (url: string, method = 'GET') => electron.protocols.get('app')!(new Request(url, { method }))
  const index = await get(page)
  expect(index.status).toBe(200)
  expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(index.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
  )
  expect(index.headers.get('x-content-type-options')).toBe('nosniff')
  const script = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(await index.text())?.[1]
  const answer = await get(`app://pilothouse/${script}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  for (const url of [
    'app://pilothouse/../main/electron.js',
    'app://pilothouse/..%2fmain%2felectron.js',
    'app://pilothouse/%2e%2e/main/electron.js',
    'app://pilothouse/..%5cmain%5celectron.js',
    'app://pilothouse/assets/..%2f..%2f..%2fpackage.json',
    'app://pilothouse/assets/',
    'app://other/index.html',
  ])
    expect([url, (await get(url)).status]).toEqual([url, 404])
  expect((await get(page, 'POST')).status).toBe(405)
})

test('a call goes through the bridge to the real core and back', async () => {
  const api = createClient(contract, channelOf(loadPreload(electron, window.webContents)))
  expect(await api.host.describe({})).toMatchObject({
    version: '0.0.0-double',
    canPickFolder: true,
    canKeepSecrets: true,
  })
  expect(await api.host.pickFolder({})).toEqual({ directory: '/chosen' })
  for await (const settings of api.host.settings({})) {
    expect(settings.theme).toBe('system')
    break
  }
})

test('the bridge is two functions and takes nothing but text', () => {
  const bridge = loadPreload(electron, window.webContents)
  expect(Object.keys(bridge).sort()).toEqual(['onText', 'send'])
  expect(() => bridge.send({} as string)).toThrow(TypeError)
})

test('only the main frame of our own window, at our own origin, is heard', async () => {
  const [channel = ''] = electron.ipcChannels()
  const call = JSON.stringify({ type: 'call', id: 1, method: 'host.describe', input: {} })
  const before = window.webContents.sent.length
  const { webContents } = window
  const our = webContents.mainFrame
  electron.sendFromFrame(webContents, null, channel, 'line', call)
  electron.sendFromFrame(webContents, { url: page }, channel, 'line', call)
  electron.sendFromFrame(new electron.WebContents(), our, channel, 'line', call)
  webContents.mainFrame = { url: 'https://example.org/' }
  electron.sendFromFrame(webContents, webContents.mainFrame, channel, 'line', call)
  webContents.mainFrame = our
  electron.sendFromFrame(webContents, our, channel, 'line', { text: call })
  electron.sendFromFrame(webContents, our, channel, 7, call)
  electron.sendFromFrame(webContents, our, channel, 'line', 'x'.repeat(8 * 1024 * 1024 + 1))
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(webContents.sent.length).toBe(before)
  electron.sendFromFrame(webContents, our, channel, 'line', call)
  await expect.poll(() => webContents.sent.length).toBe(before + 1)
})

test('a reload is another line: what was meant for the page before does not reach the one after', async () => {
  const before = createClient(contract, channelOf(loadPreload(electron, window.webContents)))
  const settings = before.host.settings({})[Symbol.asyncIterator]()
  await settings.next()
  const texts: string[] = []
  const after = loadPreload(electron, window.webContents)
  after.onText(text => texts.push(text))
  const api = createClient(contract, channelOf(after))
  await api.host.changeSettings({ theme: 'dark' })
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(texts.map(text => JSON.parse(text).type)).toEqual(['done'])
  await api.host.changeSettings({ theme: 'system' })
})

test('a page that breaks the protocol is loaded afresh', async () => {
  const bridge = loadPreload(electron, window.webContents)
  const { reloads } = window.webContents
  bridge.send('{')
  await expect.poll(() => window.webContents.reloads).toBe(reloads + 1)
})

test('the menu has the standard roles and opens another window of the same core', () => {
  const template = electron.menus[0] ?? []
  expect(template.map(({ role }) => role).filter(role => role)).toEqual(
    expect.arrayContaining(['editMenu', 'viewMenu', 'windowMenu']),
  )
  const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  const open = items.find(({ accelerator }) => accelerator === 'CmdOrCtrl+Shift+N')
  open?.click?.({} as never, undefined, {} as never)
  expect(electron.windows.length).toBe(2)
})

test('started a second time it opens a window instead', async () => {
  const before = electron.windows.length
  electron.appEvents.emit('second-instance', {}, ['electron', '.', '--flag'], data)
  expect(electron.windows.length).toBe(before + 1)
})

test('a window that goes takes its line with it, and nothing is sent to it any more', async () => {
  const contents = electron.windows.at(-1)!.webContents
  const api = createClient(contract, channelOf(loadPreload(electron, contents)))
  await api.host.describe({})
  contents.destroyed = true
  contents.emit('destroyed')
  const sent = contents.sent.length
  const [channel = ''] = electron.ipcChannels()
  electron.sendFromFrame(
    contents,
    contents.mainFrame,
    channel,
    'x',
    '{"type":"call","id":1,"method":"host.describe","input":{}}',
  )
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(contents.sent.length).toBe(sent)
})

test('quitting waits for the core to close what it has open, once', async () => {
  const quits = () => electron.asked.filter(([name]) => name === 'app.quit').length
  let prevents = 0
  const event = { preventDefault: () => prevents++ }
  electron.appEvents.emit('will-quit', event)
  expect([prevents, quits()]).toEqual([1, 0])
  await expect.poll(quits).toBe(1)
  electron.appEvents.emit('will-quit', event)
  expect(prevents).toBe(1)
})
