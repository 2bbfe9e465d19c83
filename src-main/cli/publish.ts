import { type DecisionKind, decisionKinds } from '../../shared/decisions/decision.ts'
import type { Publication } from '../../shared/draft/contract.ts'
import type { PublishOutcome } from '../../shared/draft/draft.ts'
import { AppError, assertNever } from '../../shared/errors.ts'
import { isDay } from '../../shared/gate/waiver.ts'
import { translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { describeGate } from './gate.ts'
import { first, type LocalCore } from './open-core.ts'
import { printJson } from './print.ts'
import { splitAt } from './split-at.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

type Words = Pick<
  Publication,
  'title' | 'why' | 'kind' | 'alternatives' | 'consequences' | 'reasons' | 'waivedUntil' | 'target' | 'push'
>

/** `--kind`; undefined when it is not given. */
export function readKind(given: Given): DecisionKind | undefined {
  const wanted = given.value('kind')
  const kind = decisionKinds.find(known => known === wanted)
  if (wanted !== undefined && kind === undefined)
    throw new AppError('invalid-input', 'cli.wrongValue', {
      flag: '--kind',
      value: wanted,
      known: decisionKinds.join(', '),
    })
  return kind
}

/** What a person says about a decision, from the flags that `edit`, `revert` and `record` share. */
export function readWords(given: Given, suggestedKind: DecisionKind, suggestedTitle = ''): Words {
  const title = given.value('title')?.trim() || suggestedTitle
  const why = given.value('why')?.trim()
  if (!title) throw new AppError('invalid-input', 'cli.titleNeeded')
  if (!why) throw new AppError('invalid-input', 'cli.whyNeeded')
  const kind = readKind(given) ?? suggestedKind
  const reasons: Record<string, string> = {}
  for (const reason of given.values('reason')) {
    const [rule, text] = splitAt(reason, '=')
    if (!rule || !text?.trim())
      throw new AppError('invalid-input', 'cli.flagForm', { flag: '--reason', form: 'RULE=TEXT', value: reason })
    reasons[rule] = text.trim()
  }
  const waivedUntil: Record<string, string> = {}
  for (const end of given.values('waive-until')) {
    const [rule, day] = splitAt(end, '=')
    if (!rule || !day || !isDay(day))
      throw new AppError('invalid-input', 'cli.flagForm', {
        flag: '--waive-until',
        form: 'RULE=YYYY-MM-DD',
        value: end,
      })
    waivedUntil[rule] = day
  }
  const alternatives = given.value('alternatives')
  const consequences = given.value('consequences')
  const branch = given.value('branch')
  return {
    title,
    why,
    kind,
    ...(alternatives === undefined ? {} : { alternatives }),
    ...(consequences === undefined ? {} : { consequences }),
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
    ...(Object.keys(waivedUntil).length > 0 ? { waivedUntil } : {}),
    target: branch === undefined ? { kind: 'current-branch' } : { kind: 'new-branch', name: branch },
    push: given.has('push'),
  }
}

/** Publishes and says what came of it. */
export async function publish(
  { api }: LocalCore,
  publication: Publication,
  given: Given,
  terminal: Terminal,
): Promise<ExitCode> {
  const outcome = await api.draft.publish(publication, { signal: terminal.signal })
  if (given.has('json')) printJson(terminal, outcome)
  else describe(outcome, terminal)
  if (!given.has('json')) await sayWhatNext(api, publication, outcome, terminal)
  if (outcome.kind !== 'published') return exit.no
  // The decision is made; that the remote does not have it yet is what was asked for and did not happen.
  return publication.push && outcome.pushed === 'queued' ? exit.unreachable : exit.fine
}

/** Why a push waits, or what to do about one that was refused. */
async function sayWhatNext(
  api: LocalCore['api'],
  { workspace, target }: Publication,
  outcome: PublishOutcome,
  terminal: Terminal,
): Promise<void> {
  if (outcome.kind === 'push-refused' && target.kind !== 'new-branch') terminal.say({ key: 'cli.proposeInstead' })
  if (outcome.kind !== 'published' || outcome.pushed !== 'queued') return
  const { signal, locale } = terminal
  const { sync } = await first(api.workspaces.status({ workspace }, { signal }), signal)
  if (sync.kind === 'no-remote') terminal.say({ key: 'cli.queuedNoRemote' })
  else if (sync.kind === 'offline')
    terminal.say({ key: 'cli.queued', params: { reason: translate(locale, sync.reason) } })
}

function describe(outcome: PublishOutcome, terminal: Terminal): void {
  switch (outcome.kind) {
    case 'published': {
      const { commit, branch, record, pushed, replayed, compareUrl } = outcome
      terminal.out(`${commit}\n`)
      terminal.say({ key: 'cli.published', params: { commit: commit.slice(0, 10), branch, record } })
      if (replayed) terminal.say({ key: 'cli.replayed' })
      if (pushed === 'pushed') terminal.say({ key: 'cli.pushed' })
      if (compareUrl !== null) terminal.say({ key: 'cli.compare', params: { url: compareUrl } })
      return
    }
    case 'stale':
      terminal.say({ key: 'cli.stale' })
      return
    case 'blocked':
      terminal.say({ key: 'cli.blocked' })
      terminal.out(`${describeGate(outcome.gate, terminal).join('\n')}\n`)
      return
    case 'conflict':
      terminal.say({ key: 'cli.conflict' })
      for (const { file, line, field, base, ours, theirs } of outcome.conflicts)
        terminal.out(`${file}:${line} ${field}: ${base ?? '∅'} → ${ours ?? '∅'} | ${theirs ?? '∅'}\n`)
      return
    case 'dirty':
      terminal.say({ key: 'cli.dirty', params: { files: outcome.files.join(', ') } })
      return
    case 'push-refused':
      terminal.say({ key: 'cli.pushRefused', params: { reason: outcome.reason } })
      return
    default:
      assertNever(outcome)
  }
}
