import { execFile } from 'node:child_process'
import { access, constants, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { pickDefaultEnvironment } from '../../shared/environments/pick-default-environment.ts'
import { isCancelled } from '../../shared/errors.ts'
import { type Message, translate } from '../../shared/messages/index.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import { appDataDirectory } from '../adapters/app-data/app-data-directory.ts'
import { pageState } from '../server/ensure-page.ts'
import { appRoot, appVersion } from './app-root.ts'
import type { Given } from './command.ts'
import { findElectron, whyNoDesktop } from './electron-runtime.ts'
import { first, type LocalCore, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `ok` works; `missing` is optional and costs what the remedy says; `broken` stands in the way. */
type Finding = {
  readonly check: string
  readonly state: 'ok' | 'missing' | 'broken'
  /** What was found: a version, a path. */
  readonly detail: string
  readonly remedy: Message | null
}

const execute = promisify(execFile)

/** First line a program prints about itself; null when it is not installed. */
async function versionOf(program: string, arguments_: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await execute(program, arguments_, { timeout: 5000 })
    return (stdout || stderr).split('\n')[0]?.trim() || program
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // A number is an exit code: it is there, and only has no such option.
    return typeof code === 'number' ? program : null
  }
}

async function program(check: string, arguments_: readonly string[], remedy: Message): Promise<Finding> {
  const version = await versionOf(check, arguments_)
  return version === null
    ? { check, state: 'missing', detail: '', remedy }
    : { check, state: 'ok', detail: version, remedy: null }
}

async function dataFolder(terminal: Terminal): Promise<Finding> {
  const folder = appDataDirectory(terminal.environment)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK)
    return { check: 'data', state: 'ok', detail: folder, remedy: null }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return {
      check: 'data',
      state: 'broken',
      detail: `${folder} (${reason})`,
      remedy: { key: 'cli.doctorData' },
    }
  }
}

function desktop(terminal: Terminal): Finding {
  const why = whyNoDesktop(terminal.environment)
  const found = findElectron(terminal.environment)
  if (why !== null)
    return {
      check: 'desktop',
      state: 'missing',
      detail: '',
      remedy: { key: why === 'root' ? 'cli.desktopAsRoot' : 'cli.noDisplay' },
    }
  return found === null
    ? { check: 'desktop', state: 'missing', detail: '', remedy: { key: 'cli.doctorElectron' } }
    : { check: 'desktop', state: 'ok', detail: found, remedy: null }
}

async function workspace(directory: string, terminal: Terminal): Promise<Finding[]> {
  const { signal } = terminal
  try {
    await using core = await openCore(terminal)
    const id = await openWorkspace(core, directory, terminal)
    const status = await first(core.api.workspaces.status({ workspace: id }, { signal }), signal)
    const { identity, limits, remote } = status
    return [
      { check: 'workspace', state: 'ok', detail: status.directory, remedy: null },
      identity === null
        ? { check: 'identity', state: 'broken', detail: '', remedy: { key: 'cli.doctorIdentity' } }
        : { check: 'identity', state: 'ok', detail: `${identity.name} <${identity.email}>`, remedy: null },
      { check: 'signing', state: 'ok', detail: status.signing, remedy: null },
      {
        check: 'remote',
        state: remote ? 'ok' : 'missing',
        detail: remote?.url ?? '',
        remedy: remote ? null : { key: 'cli.doctorRemote' },
      },
      ...limits
        .filter(({ effect, trait }) => effect !== 'none' || trait === 'hooks')
        .map(({ trait, message }): Finding => ({ check: trait, state: 'missing', detail: '', remedy: message })),
      ...(await metricSources(core, id, signal)),
    ]
  } catch (error) {
    if (isCancelled(error) || !(error instanceof Error && 'key' in error)) throw error
    return [{ check: 'workspace', state: 'broken', detail: directory, remedy: error as unknown as Message }]
  }
}

/** Whether each place where calls are counted answers. Who runs the doctor on a workspace asks for that. */
async function metricSources({ api }: LocalCore, workspace: WorkspaceId, signal: AbortSignal): Promise<Finding[]> {
  const environment = pickDefaultEnvironment(await api.workspaces.environments({ workspace }, { signal }))
  if (!environment) return []
  for await (const { sources } of api.metrics.watch({ workspace, environment: environment.id }, { signal })) {
    const waiting = sources.filter(({ state }) => state === 'not-allowed')
    await Promise.all(waiting.map(({ id: source }) => api.metrics.allow({ workspace, source }, { signal })))
    if (waiting.length > 0 || sources.some(({ state }) => state === 'connecting')) continue
    if (sources.length === 0)
      return [{ check: 'metrics', state: 'missing', detail: '', remedy: { key: 'metrics.doctorNone' } }]
    return sources.map(({ kind, url, dialects, problem }) => ({
      check: 'metrics',
      state: problem ? 'broken' : dialects.length > 0 ? 'ok' : 'missing',
      detail: [kind, url, dialects.join(', ')].filter(Boolean).join(' '),
      remedy: problem ?? (dialects.length > 0 ? null : { key: 'metrics.doctorNothing' }),
    }))
  }
  return []
}

/** `pilothouse doctor`: what is installed and configured, and what to do about the rest. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const page = pageState(appRoot)
  const [typed] = given.positionals
  const findings: Finding[] = [
    { check: 'pilothouse', state: 'ok', detail: appVersion(), remedy: null },
    { check: 'node', state: 'ok', detail: process.version, remedy: null },
    await program('git', ['--version'], { key: 'cli.doctorGit' }),
    await program('ssh-keygen', ['-?'], { key: 'cli.doctorSshKeygen' }),
    await program('gpg', ['--version'], { key: 'cli.doctorGpg' }),
    await program('helm', ['version', '--short'], { key: 'gitops.doctorHelm' }),
    await dataFolder(terminal),
    page === 'ready'
      ? { check: 'page', state: 'ok', detail: '', remedy: null }
      : { check: 'page', state: 'missing', detail: page, remedy: { key: 'cli.doctorPage' } },
    desktop(terminal),
    ...(typed === undefined ? [] : await workspace(resolve(terminal.directory, typed), terminal)),
  ]
  const remedyOf = ({ remedy }: Finding) => (remedy ? translate(terminal.locale, remedy) : null)
  if (given.has('json'))
    printJson(
      terminal,
      findings.map(finding => ({ ...finding, remedy: remedyOf(finding) })),
    )
  else
    for (const finding of findings) {
      const says = [finding.detail, remedyOf(finding)].filter(part => part).join('  ')
      terminal.out(`${finding.state.padEnd(7)}  ${finding.check.padEnd(12)}  ${says}\n`)
    }
  return findings.some(({ state }) => state === 'broken') ? exit.no : exit.fine
}
