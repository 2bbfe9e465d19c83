import { unifiedDiff } from '../../shared/draft/unified-diff.ts'
import { AppError } from '../../shared/errors.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { publish, readWords } from './publish.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/**
 * `pilothouse revert`: the inverse of a decision's edits on today's branch, as a decision that names it. Fields that
 * were changed since are listed and nothing is committed, unless `--partial` asks for the rest.
 */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory, decision = ''] = given.positionals
  const { signal } = terminal
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const plan = await core.api.draft.planRevert({ workspace, decision }, { signal })
  const dry = given.has('dry-run')
  if (!dry && !given.value('why')?.trim()) throw new AppError('invalid-input', 'cli.whyNeeded')
  const edits = [...plan.edits]
  const { conflicts } = plan
  if (conflicts.length > 0 && !given.has('partial')) {
    if (given.has('json')) printJson(terminal, { kind: 'conflict', conflicts })
    else {
      terminal.say({ key: 'cli.revertConflict', params: { count: conflicts.length } })
      for (const { file, line, field, base, ours, theirs } of conflicts)
        terminal.out(`${file}:${line} ${field}: ${base ?? '∅'} → ${ours ?? '∅'} | ${theirs ?? '∅'}\n`)
    }
    return exit.no
  }
  const { view, files } = await core.api.draft.preview({ workspace, edits }, { signal })
  if (dry) {
    if (given.has('json')) printJson(terminal, { edits, conflicts, files, gate: view.gate, title: plan.title })
    else terminal.out(unifiedDiff(files))
    if (files.length === 0) terminal.say({ key: 'cli.noDifference' })
    return exit.fine
  }
  if (view.changeSetId === null) {
    terminal.say({ key: 'cli.revertedAlready' })
    return exit.fine
  }
  const words = readWords(given, 'rollback', plan.title)
  const publication = { workspace, changeSetId: view.changeSetId, edits, reverts: plan.reverts, ...words }
  return await publish(core, publication, given, terminal)
}
