import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRepositoryWith } from '../adapters/git/open-repository.ts'
import { systemClock } from '../adapters/system/system.ts'
import { demoFaults } from '../sandbox/edge/board.ts'
import { serveFleet } from '../sandbox/edge/serve-fleet.ts'
import { makeSandbox } from '../sandbox/make-sandbox.ts'
import { serveMetrics } from '../sandbox/serve-metrics.ts'
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
  const metrics = folder.use(await serveMetrics(systemClock.now))
  // Its nodes are boards of our own, and nothing of the person's SSH configuration is read.
  const fleet =
    process.platform === 'win32'
      ? null
      : folder.use(
          await serveFleet(join(directory, 'edge'), { now: systemClock.now(), pulse: 2500, faults: demoFaults }),
        )
  const ssh = fleet ? { ssh: fleet.ssh } : {}
  const sandbox = await makeSandbox(directory, {
    metrics: metrics.url,
    openCore: clock => openCore(terminal, clock),
    openRepository: (path, clock) => openRepositoryWith({ clock })(path),
    now: systemClock.now(),
    source: join(appRoot, 'resources/sandbox/payments'),
    signal: terminal.signal,
  })
  terminal.say({ key: 'cli.demoMade', params: { directory: sandbox.directory } })

  if (given.has('headless')) {
    await using core = await openCore(terminal)
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
      ...ssh,
    },
    terminal,
  )
  return exit.fine
}
