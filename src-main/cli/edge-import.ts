import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { unifiedDiff } from '../../shared/draft/unified-diff.ts'
import { edgeFolder } from '../../shared/edge/edge-schema.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { AppError } from '../../shared/errors.ts'
import { edgeNodesText, type ImportedNode, readInventory } from '../../shared/fleet/import-nodes.ts'
import type { Given } from './command.ts'
import { first, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { publish, readWords } from './publish.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

const file = `${edgeFolder}/nodes.yaml`

/** `pilothouse edge import`: EdgeNodes for what an SSH configuration, an Ansible inventory or networks name; a patch, or a decision. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  if (given.has('dry-run') && given.has('commit')) throw new AppError('invalid-input', 'cli.dryRunOrCommit')
  const { signal } = terminal
  const [directory, ...sources] = given.positionals
  if (given.has('commit')) readWords(given, 'record')
  const found: ImportedNode[] = []
  for (const source of sources) found.push(...readInventory(await textOf(source, terminal)))
  if (found.length === 0) throw new AppError('invalid-input', 'fleet.importedNothing', { sources: sources.join(', ') })
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const { nodes } = await first(core.api.edge.watch({ workspace }, { signal }), signal)
  const { text: before } = await core.api.workspaces.file({ workspace, path: file }, { signal })
  const added = edgeNodesText(found, new Set(nodes.map(({ name }) => name)))
  if (added === '') {
    terminal.say({ key: 'cli.noDifference' })
    return exit.fine
  }
  const text = before === null ? added.replace(/^---\n/, '') : `${before.replace(/\n?$/, '\n')}${added}`
  const edits: Edit[] = [{ kind: 'set-file', file, text }]
  const { view, files } = await core.api.draft.preview({ workspace, edits }, { signal })
  if (given.has('commit')) {
    const publication = { workspace, changeSetId: view.changeSetId, edits, ...readWords(given, view.suggestedKind) }
    return await publish(core, publication, given, terminal)
  }
  if (given.has('json')) printJson(terminal, { files, gate: view.gate, title: view.suggestedTitle })
  else terminal.out(unifiedDiff(files))
  if (!given.has('dry-run') && !given.has('json')) terminal.say({ key: 'cli.notCommitted' })
  return exit.fine
}

/** A file of this machine; what is none is taken for addresses and networks. */
async function textOf(source: string, terminal: Terminal): Promise<string> {
  try {
    return await readFile(resolve(terminal.directory, source), 'utf8')
  } catch (cause) {
    if (/^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(source)) return source
    throw new AppError('not-found', 'cli.cannotRead', { file: source }, { cause })
  }
}
