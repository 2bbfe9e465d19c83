import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { startServer } from '../../e2e/open-app.ts'
import buildPageOnce from '../../e2e/run/build-page.ts'
import { findChromium } from '../../e2e/run/find-chromium.ts'
import { isolatedHome } from '../../e2e/world/isolated-home.ts'
import { makeRepository } from '../page/make-repository.ts'
import { runSoakServer, type SoakServer } from './run-soak-server.ts'

/** The whole way: the sandbox's API server under load, `pilothouse serve` on its services, and the page in Chromium. */
export type LivePage = AsyncDisposable & {
  readonly page: Page
  readonly server: SoakServer
  /** Memory of the core's process as the system counts it, in MB. */
  coreMemory(): number
}
export type Load = { readonly pods: number; readonly rate: number; readonly drop: number }

/** Opens the page on the topology of what runs there; null, after saying NOT RUN, where there is no Chromium. */
export async function openLivePage(name: string, load: Load): Promise<LivePage | null> {
  const found = findChromium()
  if (!found) {
    console.log(`${name}: NOT RUN, there is no Chromium (PILOTHOUSE_CHROMIUM names one)`)
    return null
  }
  await buildPageOnce()
  await using made = new AsyncDisposableStack()
  const home = made.use(isolatedHome())
  const kubeconfig = join(home.folder, 'kubeconfig')
  home.environment['KUBECONFIG'] = kubeconfig
  const server = made.use(await runSoakServer(kubeconfig, load))
  const folder = join(home.folder, 'shop')
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'pilothouse.yaml'),
    'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nenvironments: [{ path: deploy, cluster: sandbox }]\n',
  )
  makeRepository(folder, services())
  const core = await startServer(home, ['serve', folder])
  made.defer(async () => void (await core.stop()))
  const browser = await chromium.launch({
    executablePath: found.executable,
    // What the page holds is told after a collection.
    args: ['--enable-precise-memory-info', '--js-flags=--expose-gc'],
  })
  made.defer(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  await page.goto(core.url)
  // From afar nodes are painted, so none of them can be waited for.
  await page.waitForFunction(() => performance.getEntriesByName('topology-picture').length > 0, undefined, {
    timeout: 120_000,
  })
  const kept = made.move()
  return {
    page,
    server,
    coreMemory: () => residentOf(core.process.pid),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** Those whose Pods the server has: web-0 to web-49, each calling the next ones, and `probe`, which calls the first. */
function services() {
  const names = Array.from({ length: 50 }, (_, index) => `web-${index}`)
  const at = { namespace: 'default', owner: 'shop', system: 'shop' }
  return [
    ...names.map((name, index) => ({
      ...{ ...at, name, tier: index % 5 },
      calls: [2 * index + 1, 2 * index + 2].flatMap(other => names[other] ?? []),
    })),
    { ...at, name: 'probe', tier: 0, calls: [names[0]!] },
  ]
}

function residentOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
