import { unifiedDiff } from '../../shared/draft/unified-diff.ts'
import { AppError } from '../../shared/errors.ts'
import { translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { publish, readWords } from './publish.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/**
 * `pilothouse promote`: a decision in another environment or on another branch, as a decision that names it. What
 * differs there is said first; fields that cannot be changed there are listed and nothing is committed, unless
 * `--partial` asks for the rest.
 */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory, decision = ''] = given.positionals
  const environment = given.value('to')?.replaceAll('\\', '/')
  const branch = given.value('to-branch')
  if ((environment === undefined) === (branch === undefined)) throw new AppError('invalid-input', 'record.promoteWhere')
  const { signal, locale } = terminal
  const dry = given.has('dry-run')
  if (!dry && !given.value('why')?.trim()) throw new AppError('invalid-input', 'cli.whyNeeded')
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const to = environment === undefined ? { branch: branch! } : { environment }
  const plan = await core.api.draft.planPromotion({ workspace, decision, to }, { signal })
  const json = given.has('json')
  const impossible = plan.rows.filter(({ state }) => state === 'impossible')
  const held = impossible.length > 0 && !given.has('partial')
  if (json && (dry || held || plan.edits.length === 0)) printJson(terminal, plan)
  if (!json)
    printTable(
      terminal,
      plan.rows.map(({ object, field, there, next, state, reason }) => [
        translate(locale, { key: `record.promote_${state}` }),
        `${object} ${field}`.trimEnd(),
        there ?? '∅',
        next ?? '∅',
        reason ? translate(locale, reason) : '',
      ]),
    )
  const edits = [...plan.edits]
  if (dry) {
    if (!json && environment !== undefined && edits.length > 0) {
      const { files } = await core.api.draft.preview({ workspace, edits }, { signal })
      terminal.out(unifiedDiff(files))
    }
    return exit.fine
  }
  if (held) {
    if (!json) terminal.say({ key: 'record.promoteHeld', params: { count: impossible.length } })
    return exit.no
  }
  if (edits.length === 0) {
    if (!json) terminal.say({ key: 'record.promotedAlready' })
    return exit.fine
  }
  const words = readWords(given, plan.kind ?? 'record', plan.title)
  const publication = {
    workspace,
    changeSetId: null,
    edits,
    ...words,
    links: [{ relation: 'promotes' as const, target: plan.promotes }],
    ...(environment !== undefined && { environment }),
    ...(branch !== undefined && { target: { kind: 'branch' as const, name: branch } }),
  }
  return await publish(core, publication, given, terminal)
}
