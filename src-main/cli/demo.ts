import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appDataDirectory } from '../adapters/app-data/app-data-directory.ts'
import { openRepositoryWith } from '../adapters/git/open-repository.ts'
import { openLog } from '../adapters/log/open-log.ts'
import { systemClock } from '../adapters/system/system.ts'
import { demoFaults } from '../sandbox/edge/board.ts'
import { serveFleet } from '../sandbox/edge/serve-fleet.ts'
import { makeSandbox } from '../sandbox/make-sandbox.ts'
import { startPlatform } from '../sandbox/start-platform.ts'
import { appRoot } from './app-root.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { readNumber } from './read-number.ts'
import { runServer } from './run-server.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'
import { walkMainJob } from './walk-main-job.ts'

/** `pilothouse demo`: the app on a workspace of our own invention, which goes when the command ends. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const port = readNumber(given, 'port', 0, 65_535) ?? 0
  await using folder = new AsyncDisposableStack()
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'pilothouse-demo-')))
  folder.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))

  terminal.say({ key: 'cli.demoMaking' })
  const { report } = openLog(join(appDataDirectory(terminal.environment), 'logs'))
  const platform = folder.use(await startPlatform(directory, systemClock.now, report))
  // Its nodes are boards of our own, and nothing of the person's SSH configuration is read.
  const fleet =
    process.platform === 'win32'
      ? null
      : folder.use(
          await serveFleet(join(directory, 'edge'), { now: systemClock.now(), pulse: 2500, faults: demoFaults }),
        )
  const others = { kubeconfigFiles: [platform.kubeconfig], ...(fleet && { ssh: fleet.ssh }) }
  const sandbox = await makeSandbox(directory, {
    metrics: platform.metrics,
    cluster: platform.context,
    openCore: clock => openCore(terminal, clock),
    openRepository: (path, clock) => openRepositoryWith({ clock })(path),
    now: systemClock.now(),
    source: join(appRoot, 'resources/sandbox/payments'),
    signal: terminal.signal,
  })
  await platform.follow(await openRepositoryWith({ clock: systemClock })(sandbox.remote))
  terminal.say({ key: 'cli.demoMade', params: { directory: sandbox.directory } })

  if (given.has('headless')) {
    await using core = await openCore(terminal, systemClock, others)
    await walkMainJob(core, await openWorkspace(core, sandbox.directory, terminal), terminal)
    return exit.fine
  }
  await runServer(
    {
      directory: sandbox.directory,
      sandbox: true,
      port,
      open: !given.has('no-open'),
      json: given.has('json'),
      data: join(directory, 'documents'),
      ...others,
    },
    terminal,
  )
  return exit.fine
}
