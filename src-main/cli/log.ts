import type { DecisionSummary } from '../../shared/decisions/decision.ts'
import { AppError } from '../../shared/errors.ts'
import { type Outcome, outcomes } from '../../shared/results/result.ts'
import type { Given } from './command.ts'
import { first, openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { readKind } from './publish.ts'
import { readNumber } from './read-number.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** As Git's strict ISO format writes it: the author's own clock and offset. */
function isoDate({ time, offset }: { time: number; offset: number }): string {
  const local = new Date((time + offset * 60) * 1000).toISOString().slice(0, 19)
  const minutes = Math.abs(offset)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** One decision as `log --json` gives it. */
export const logEntry = (decision: DecisionSummary) => ({
  id: decision.id,
  decisionId: decision.decisionId,
  title: decision.title,
  why: decision.why,
  kind: decision.kind,
  author: `${decision.author.name} <${decision.author.email}>`,
  date: isoDate(decision.author),
  services: decision.services,
  gate: decision.gate,
  record: decision.record,
  dependencies: decision.dependencies,
  // Only where there is one: what a decision has always had stays the same for whoever reads it.
  ...(decision.status && { status: decision.status }),
  ...(decision.result && { result: { standing: decision.result.standing, at: decision.result.at } }),
})

const page = 500

/** A day (`2026-11-20`: all of it, in UTC) or a moment in ISO 8601, as seconds since the epoch. */
function readDate(given: Given, flag: 'since' | 'until'): number | undefined {
  const text = given.value(flag)
  if (text === undefined) return undefined
  const day = /^\d{4}-\d\d-\d\d$/.test(text)
  const at = Date.parse(day && flag === 'until' ? `${text}T23:59:59Z` : text)
  if (Number.isNaN(at))
    throw new AppError('invalid-input', 'cli.flagForm', { flag: `--${flag}`, form: 'YYYY-MM-DD', value: text })
  return Math.floor(at / 1000)
}

function readOutcome(given: Given): Outcome | undefined {
  const value = given.value('result')
  const known = outcomes.find(outcome => outcome === value)
  if (value !== undefined && known === undefined)
    throw new AppError('invalid-input', 'cli.flagForm', { flag: '--result', form: outcomes.join('|'), value })
  return known
}

/** `pilothouse log`: the decisions of the current branch, newest first. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  if (given.has('tsv') && given.has('json')) throw new AppError('invalid-input', 'cli.tsvOrJson')
  const { signal } = terminal
  const limit = readNumber(given, 'limit', 1, 1_000_000) ?? Number.POSITIVE_INFINITY
  const service = given.value('service')
  const revision = given.value('rev')
  const text = given.value('search')
  const author = given.value('author')
  const kind = readKind(given)
  const result = readOutcome(given)
  const touching = Object.fromEntries(
    (['rule', 'dependency', 'node', 'field'] as const).flatMap(flag => {
      const value = given.value(flag)
      return value === undefined ? [] : [[flag, value] as const]
    }),
  )
  const since = readDate(given, 'since')
  const until = readDate(given, 'until')
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const decisions: DecisionSummary[] = []
  let before: string | undefined
  while (decisions.length < limit) {
    const leaving = new AbortController()
    const { items, next } = await first(
      core.api.decisions.log(
        {
          workspace,
          limit: Math.min(page, limit - decisions.length),
          decisionsOnly: !given.has('all'),
          modules: given.has('json') || given.has('tsv'),
          ...(before === undefined ? {} : { before }),
          ...(service === undefined ? {} : { service }),
          ...(revision === undefined ? {} : { revision }),
          ...(text === undefined ? {} : { text }),
          ...(author === undefined ? {} : { author }),
          ...(kind === undefined ? {} : { kinds: [kind] }),
          ...(result === undefined ? {} : { results: [result] }),
          ...(since === undefined ? {} : { since }),
          ...(until === undefined ? {} : { until }),
          ...touching,
        },
        { signal: AbortSignal.any([signal, leaving.signal]) },
      ),
      signal,
    )
    leaving.abort()
    decisions.push(...items)
    if (next === null) break
    before = next
  }
  if (given.has('json')) printJson(terminal, decisions.map(logEntry))
  else if (given.has('tsv'))
    for (const decision of decisions) {
      const { id, decisionId, date, author, kind, title, dependencies } = logEntry(decision)
      const modules = dependencies.length > 0 ? dependencies : [{ name: '', to: '' }]
      for (const { name, to } of modules) {
        const cells = [decisionId ?? id, author, date, kind, title, name, to]
        terminal.out(`${cells.map(cell => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')}\n`)
      }
    }
  else if (decisions.length === 0) terminal.say({ key: given.has('all') ? 'cli.noCommits' : 'cli.noDecisions' })
  else
    printTable(
      terminal,
      decisions.map(decision => [
        decision.id.slice(0, 10),
        isoDate(decision.author).slice(0, 10),
        decision.kind,
        decision.gate ?? '-',
        decision.result?.standing ?? '-',
        decision.services.join(',') || '-',
        decision.title,
      ]),
    )
  return exit.fine
}
