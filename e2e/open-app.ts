import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { _electron, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { findElectron } from '../src-main/cli/electron-runtime.ts'
import { type Home, isolatedHome } from './world/isolated-home.ts'

export { expect }

const root = join(import.meta.dirname, '..')

/** A shell that runs, and one window on it. */
export type RunningApp = {
  readonly page: Page
  /** Opens another window on the same core. */
  anotherPage(): Promise<Page>
  /** Where the server shell listens; null on the desktop. */
  readonly origin: string | null
  /** Ends the shell as an end of the session would, or at once. */
  stop(signal?: 'SIGINT' | 'SIGKILL'): Promise<void>
}

export type ServerShell = {
  readonly process: ChildProcess
  readonly url: string
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts `pilothouse serve` and waits for its address. */
export async function startServer(home: Home, arguments_: readonly string[]): Promise<ServerShell> {
  const child = spawn(process.execPath, [join(root, 'bin/pilothouse'), ...arguments_, '--no-open', '--json'], {
    cwd: home.folder,
    env: home.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', line => resolve((JSON.parse(line) as { url: string }).url))
    void exited.then(code => reject(new Error(`The server shell ended with ${code}:\n${said}`)))
  })
  return {
    process: child,
    url,
    stop(signal = 'SIGINT') {
      child.kill(signal)
      return exited
    },
  }
}

/** Notes everything a page complains about; the test fails on it in the end. */
async function watch(page: Page, complaints: string[]): Promise<void> {
  page.on('pageerror', error => complaints.push(`error: ${error.stack ?? error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    )
  })
}

export type Fixtures = {
  home: Home
  /** What pages complained about so far. A test that provokes a complaint takes it out. */
  complaints: string[]
  /** Starts the shell of this project on a folder, with an isolated home, and opens the page. */
  openApp: (directory?: string, more?: readonly string[]) => Promise<RunningApp>
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  home: async ({}, use) => {
    using home = isolatedHome()
    await use(home)
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  complaints: async ({}, use) => {
    const complaints: string[] = []
    await use(complaints)
    expect(complaints, 'nothing is complained about in the console').toEqual([])
  },
  openApp: async ({ home, context, complaints }, use, { project }) => {
    await using running = new AsyncDisposableStack()
    await use((directory, more = []) =>
      project.name === 'desktop'
        ? openDesktop(home, directory, complaints, running)
        : openInBrowser(home, context, directory, more, complaints, running),
    )
  },
})

async function openInBrowser(
  home: Home,
  context: BrowserContext,
  directory: string | undefined,
  more: readonly string[],
  complaints: string[],
  running: AsyncDisposableStack,
): Promise<RunningApp> {
  const server = await startServer(home, ['serve', ...(directory === undefined ? [] : [directory]), ...more])
  running.defer(async () => void (await server.stop()))
  // Before the server: a page that outlives it complains, and rightly so.
  running.defer(async () => void (await Promise.all(context.pages().map(page => page.close()))))
  const { origin } = new URL(server.url)
  const page = await context.newPage()
  await watch(page, complaints)
  await page.goto(server.url)
  return {
    page,
    origin,
    async anotherPage() {
      const another = await context.newPage()
      await watch(another, complaints)
      await another.goto(origin)
      return another
    },
    async stop(signal = 'SIGINT') {
      await server.stop(signal)
    },
  }
}

async function openDesktop(
  home: Home,
  directory: string | undefined,
  complaints: string[],
  running: AsyncDisposableStack,
): Promise<RunningApp> {
  const executablePath = findElectron(process.env)
  if (executablePath === null) throw new Error('Electron is not here; all.ts leaves this project out then')
  const app = await _electron.launch({
    executablePath,
    args: [root, ...(directory === undefined ? [] : [directory])],
    cwd: home.folder,
    env: Object.fromEntries(Object.entries(home.environment).map(([name, value]) => [name, value ?? ''])),
  })
  running.defer(() => app.close())
  const page = await app.firstWindow()
  await watch(page, complaints)
  return {
    page,
    origin: null,
    async anotherPage() {
      const opened = app.waitForEvent('window')
      await app.evaluate(({ Menu }) => {
        const items = Menu.getApplicationMenu()?.items.flatMap(item => item.submenu?.items ?? []) ?? []
        items.find(item => item.accelerator === 'CmdOrCtrl+Shift+N')?.click()
      })
      const another = await opened
      await watch(another, complaints)
      return another
    },
    async stop(signal = 'SIGINT') {
      const ended = new Promise(resolve => app.process().once('exit', resolve))
      app.process().kill(signal)
      await ended
    },
  }
}
