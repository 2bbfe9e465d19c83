import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text as readStream } from 'node:stream/consumers'
import type { DraftEditView } from '../../shared/draft/draft.ts'
import { unifiedDiff } from '../../shared/draft/unified-diff.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { pickDefaultEnvironment } from '../../shared/environments/pick-default-environment.ts'
import { AppError } from '../../shared/errors.ts'
import { translate } from '../../shared/messages/index.ts'
import type { Topology } from '../../shared/topology/topology.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { Given } from './command.ts'
import { describeGate } from './gate.ts'
import { first, type LocalCore, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { publish, readWords } from './publish.ts'
import { checkEdits, readEdits } from './read-edits.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'
import { weighEdits } from './weigh-edits.ts'
import { wireEdits } from './wire-edits.ts'

/** `pilothouse edit`: typed edits, shown as a patch (`--dry-run`) or committed as a decision (`--commit`). */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  if (given.has('dry-run') && given.has('commit')) throw new AppError('invalid-input', 'cli.dryRunOrCommit')
  // What cannot be committed is said before the work, not after it.
  if (given.has('commit')) readWords(given, 'record')
  const { signal } = terminal
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const shown = await topologies(core, workspace, given, signal)
  const edits = [
    ...(await typedEdits(given, terminal)),
    ...readEdits(given, shown),
    ...(await weighEdits(core, workspace, shown[0]?.environment ?? '.', given, terminal)),
    ...(await wireEdits(core, workspace, shown[0]?.environment ?? '.', given, terminal)),
  ]
  if (edits.length === 0) throw new AppError('invalid-input', 'cli.nothingToEdit')

  const { view, files } = await core.api.draft.preview({ workspace, edits }, { signal })
  const refused = view.edits.filter(({ state }) => state === 'refused' || state === 'conflict')
  if (refused.length > 0) {
    for (const edit of refused) sayRefused(edit, terminal)
    return exit.usage
  }
  if (!given.has('commit')) {
    for (const edit of view.edits) sayLanding(edit, terminal)
    if (given.has('json')) printJson(terminal, { files, gate: view.gate, title: view.suggestedTitle })
    else terminal.out(unifiedDiff(files))
    if (files.length === 0) terminal.say({ key: 'cli.noDifference' })
    if (!given.has('dry-run') && !given.has('json')) terminal.say({ key: 'cli.notCommitted' })
    return exit.fine
  }
  if (view.changeSetId === null || files.length === 0) {
    terminal.say({ key: 'cli.noDifference' })
    return exit.fine
  }
  if (view.gate.verdict !== 'pass' && !given.has('json'))
    for (const line of describeGate(view.gate, terminal)) terminal.out(`${line}\n`)
  const environment = given.value('env')
  const publication = {
    workspace,
    changeSetId: view.changeSetId,
    edits,
    ...(environment === undefined ? {} : { environment }),
    ...readWords(given, view.suggestedKind),
  }
  return await publish(core, publication, given, terminal)
}

/** `--edits FILE`: a JSON array of typed edits, as the contract has them; `-` reads standard input. */
async function typedEdits(given: Given, terminal: Terminal): Promise<Edit[]> {
  const source = given.value('edits')
  if (source === undefined) return []
  let json: string
  try {
    json =
      source === '-' ? await readStream(process.stdin) : await readFile(resolve(terminal.directory, source), 'utf8')
  } catch (cause) {
    throw new AppError('not-found', 'cli.cannotRead', { file: source }, { cause })
  }
  let edits: unknown
  try {
    edits = JSON.parse(json)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('invalid-input', 'cli.notJson', { file: source, reason }, { cause })
  }
  return checkEdits(edits)
}

/** The environment that was named; else all of them, the one a person would open first in front. */
async function topologies(
  { api }: LocalCore,
  workspace: WorkspaceId,
  given: Given,
  signal: AbortSignal,
): Promise<readonly Topology[]> {
  const named = given.value('env')
  const all = named === undefined ? await api.workspaces.environments({ workspace }, { signal }) : []
  const preferred = named?.replaceAll('\\', '/') ?? pickDefaultEnvironment(all)?.id ?? '.'
  const ids = [preferred, ...all.map(({ id }) => id).filter(id => id !== preferred)]
  const views = await Promise.all(
    ids.map(environment => first(api.topology.graph({ workspace, environment }, { signal }), signal)),
  )
  return views.map(({ base }) => base)
}

function sayLanding({ summary, landing }: DraftEditView, terminal: Terminal): void {
  if (!landing) return
  const [edit, where] = [translate(terminal.locale, summary), translate(terminal.locale, landing)]
  terminal.say({ key: 'landing.ofEdit', params: { edit, landing: where } })
}

function sayRefused({ summary, reason, changes }: DraftEditView, terminal: Terminal): void {
  const where = changes[0] ? `${changes[0].file}:${changes[0].line} ` : ''
  const why = reason ? translate(terminal.locale, reason) : ''
  terminal.say({
    key: 'cli.editRefused',
    params: { edit: translate(terminal.locale, summary), reason: `${where}${why}` },
  })
}
