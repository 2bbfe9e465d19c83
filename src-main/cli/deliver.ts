import type { DeliveryProgress, DeliveryStep, FollowedMember, FollowView } from '../../shared/delivery/delivery.ts'
import { deliveryCounts, stepWord, syncWords } from '../../shared/delivery/delivery-words.ts'
import { isCancelled } from '../../shared/errors.ts'
import { translate } from '../../shared/messages/index.ts'
import { chooseContext } from './choose-context.ts'
import { chooseEnvironment } from './choose-environment.ts'
import type { Given } from './command.ts'
import { first, type LocalCore, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { readNumber } from './read-number.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** Seconds to wait for everything to get ready. */
const usualPatience = 600

/**
 * `pilothouse deliver`: where Argo CD or Flux delivers the environment, follows it until the newest commit is there and
 * healthy; else applies it, in order, and waits. Exit code 1 when it fails.
 */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { signal } = terminal
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const revision = given.value('rev')
  const environment = await chooseEnvironment(core, workspace, given, terminal, revision)
  const context = await chooseContext(core, given)
  const patience = readNumber(given, 'timeout', 1, 86_400) ?? usualPatience
  const at = { workspace, environment, context }
  const view = await first(core.api.delivery.follow(at, { signal }), signal)
  if (view.sandbox) terminal.say({ key: 'drift.sandbox', params: { context } })
  if (view.members.some(({ suspended }) => !suspended)) return await follow(core, at, patience, given, terminal)

  const [namespace, confirm] = [given.value('namespace'), given.value('confirm')]
  const told = new Map<string, string>()
  let last: DeliveryProgress | null = null
  const stream = core.api.delivery.deliver(
    {
      ...{ ...at, patience, prune: given.has('prune'), force: given.has('force'), dryRun: given.has('dry-run') },
      ...(revision !== undefined && { revision }),
      ...(namespace !== undefined && { namespace }),
      ...(confirm !== undefined && { confirm }),
    },
    { signal },
  )
  for await (const progress of stream) {
    if (!last) for (const note of progress.notes) terminal.say(note)
    last = progress
    if (given.has('json')) continue
    for (const step of progress.steps) {
      const line = describeStep(step, progress.dryRun, terminal)
      const key = `${step.action} ${step.kind} ${step.namespace}/${step.name}`
      if (step.state !== 'waiting' && told.get(key) !== line) terminal.out(`${line}\n`)
      told.set(key, line)
    }
  }
  if (!last) return exit.unreachable
  const say = (step: DeliveryStep) => ({ ...step, problem: step.problem && translate(terminal.locale, step.problem) })
  if (given.has('json'))
    printJson(terminal, {
      ...last,
      steps: last.steps.map(say),
      problem: last.problem && translate(terminal.locale, last.problem),
      notes: last.notes.map(note => translate(terminal.locale, note)),
    })
  else {
    const applied = last.steps.filter(({ action }) => action === 'apply')
    const params = { count: applied.length, environment, context, revision: last.revision.slice(0, 12) }
    const message = last.problem ?? { key: last.dryRun ? 'delivery.wouldDo' : 'delivery.done', params }
    const counts = deliveryCounts(last).map(count => translate(terminal.locale, count))
    terminal.out(`${translate(terminal.locale, message)} ${counts.join(' · ')}\n`)
  }
  return last.phase === 'done' ? exit.fine : exit.no
}

function describeStep(step: DeliveryStep, dryRun: boolean, { locale }: Terminal): string {
  const { kind, namespace, name, problem } = step
  const word = translate(locale, { key: stepWord(step, dryRun) })
  const why = problem ? `: ${translate(locale, problem)}` : ''
  return `${word}  ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}${why}`
}

type At = { readonly workspace: string; readonly environment: string; readonly context: string }

/** Until every member is at the newest commit and healthy, or one of them fails, or the time is up. */
async function follow(core: LocalCore, at: At, patience: number, given: Given, terminal: Terminal): Promise<ExitCode> {
  const late = AbortSignal.timeout(patience * 1000)
  const told = new Map<string, string>()
  let last: FollowView | null = null
  try {
    for await (const view of core.api.delivery.follow(at, { signal: AbortSignal.any([terminal.signal, late]) })) {
      last = view
      if (!given.has('json'))
        for (const member of view.members) {
          const line = describeMember(member, terminal)
          if (told.get(member.name) !== line) terminal.out(`${line}\n`)
          told.set(member.name, line)
        }
      const active = view.members.filter(({ suspended }) => !suspended)
      const here = active.every(
        each => each.standing === 'here' && each.sync === 'synced' && each.health.health === 'Healthy',
      )
      const failed = active.some(({ sync, health }) => sync === 'failed' || health.health === 'Degraded')
      if (here || failed || given.has('dry-run')) return answer(view, here ? exit.fine : exit.no, given, terminal)
    }
  } catch (error) {
    if (!isCancelled(error) || terminal.signal.aborted) throw error
  }
  if (terminal.signal.aborted) return exit.cancelled
  terminal.say({ key: 'delivery.late', params: { seconds: patience } })
  return last ? answer(last, exit.no, given, terminal) : exit.unreachable
}

function answer(view: FollowView, code: ExitCode, given: Given, terminal: Terminal): ExitCode {
  if (given.has('json')) printJson(terminal, view)
  else if (code === exit.fine)
    for (const { kind, name, revision } of view.members)
      terminal.say({
        key: 'delivery.arrived',
        params: { object: `${kind} ${name}`, revision: (revision ?? '').slice(0, 12) },
      })
  return code
}

function describeMember(member: FollowedMember, { locale }: Terminal): string {
  const { kind, namespace, name, sync, health, revision, behind, suspended, errors } = member
  return [
    `${kind} ${namespace}/${name}`,
    translate(locale, { key: syncWords[sync] }),
    `${health.health}${health.message === '' ? '' : ` (${health.message})`}`,
    (revision ?? '–').slice(0, 12),
    ...(behind > 0 ? [translate(locale, { key: 'delivery.behind', params: { count: behind } })] : []),
    ...(suspended
      ? [translate(locale, { key: 'delivery.suspended', params: { by: suspended.by, reason: suspended.reason } })]
      : []),
    ...errors,
  ].join('  ')
}
