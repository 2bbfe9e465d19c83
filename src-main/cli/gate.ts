import { AppError } from '../../shared/errors.ts'
import type { Gate, GateVerdict } from '../../shared/gate/gate.ts'
import { toGithubAnnotations } from '../../shared/gate/to-github-annotations.ts'
import { toSarif } from '../../shared/gate/to-sarif.ts'
import { worstOf } from '../../shared/gate/worst-of.ts'
import { translate } from '../../shared/messages/index.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import { appVersion } from './app-root.ts'
import type { Given } from './command.ts'
import { first, type LocalCore, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

const order: readonly GateVerdict[] = ['pass', 'warn', 'block']

/** One line an item of the gate: `block  no-dangling-reference  checkout: …`. */
export function describeGate(gate: Gate, terminal: Terminal): readonly string[] {
  return gate.items.map(({ verdict, rule, services, message, info, missing, evidence }) => {
    const about = services.length > 0 ? `${services.join(', ')}: ` : ''
    const word = info ? 'info' : missing ? 'unknown' : verdict
    const [place] = evidence ?? []
    const where = place ? `  (${place.file}:${place.line})` : ''
    return `${word.padEnd(7)}  ${rule}  ${about}${translate(terminal.locale, message)}${where}`
  })
}

/**
 * Without `--base`: where the remote's main branch was last seen, else the commit before; null (compare with nothing) for
 * the first commit. Rejects where a shallow clone ends there: what came before is not known.
 */
async function defaultBase(
  { api }: LocalCore,
  workspace: WorkspaceId,
  head: string,
  signal: AbortSignal,
): Promise<string | null> {
  const revisions = await api.workspaces.revisions({ workspace }, { signal })
  for (const name of ['origin/main', 'origin/master', 'origin/trunk'])
    if (revisions.some(revision => revision.kind === 'remote-branch' && revision.name === name)) return name
  const history = { workspace, revision: head, limit: 2, decisionsOnly: false }
  const { items } = await first(api.decisions.log(history, { signal }), signal)
  if (items.length > 1) return `${head}~1`
  const { limits } = await first(api.workspaces.status({ workspace }, { signal }), signal)
  if (limits.some(({ trait }) => trait === 'shallow')) throw new AppError('not-found', 'cli.shallowBase', { head })
  return null
}

/** `pilothouse gate`: may what `head` changes since `base` be merged? Exit code 1 when it blocks. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { signal } = terminal
  const format = given.has('json') ? 'json' : (given.value('format') ?? 'text')
  if (!['text', 'json', 'github', 'sarif'].includes(format))
    throw new AppError('invalid-input', 'rule.unknownFormat', { format })
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const head = given.value('head') ?? 'HEAD'
  const base = given.has('all') ? null : (given.value('base') ?? (await defaultBase(core, workspace, head, signal)))
  if (base === '' || head === '') throw new AppError('invalid-input', 'cli.emptyRevision')
  const answers = await core.api.draft.judge({ workspace, base, head }, { signal })
  const verdict = order[Math.max(0, ...answers.map(({ gate }) => order.indexOf(gate.verdict)))] ?? 'pass'
  if (format === 'json')
    printJson(terminal, {
      base,
      head,
      verdict,
      environments: answers.map(({ environment, gate, diff }) => ({
        environment,
        verdict: gate.verdict,
        items: gate.items.map(({ message, ...item }) => ({ ...item, message: translate(terminal.locale, message) })),
        diff,
      })),
    })
  else if (format === 'github')
    terminal.out(toGithubAnnotations(worstOf(answers.map(({ gate }) => gate)), terminal.locale))
  else if (format === 'sarif')
    printJson(terminal, toSarif(worstOf(answers.map(({ gate }) => gate)), terminal.locale, appVersion()))
  else {
    for (const { environment, gate } of answers) {
      terminal.out(`${environment}: ${gate.verdict}\n`)
      for (const line of describeGate(gate, terminal)) terminal.out(`  ${line}\n`)
    }
    if (answers.length === 0 && base !== null) terminal.say({ key: 'cli.nothingJudged', params: { base, head } })
    terminal.out(`${verdict}\n`)
  }
  return verdict === 'block' ? exit.no : exit.fine
}
