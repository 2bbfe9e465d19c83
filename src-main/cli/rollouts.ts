import { AppError } from '../../shared/errors.ts'
import { type Locale, translate } from '../../shared/messages/index.ts'
import { describeBreach } from '../../shared/results/describe-result.ts'
import { rolloutActions } from '../../shared/rollouts/actions.ts'
import type { RolloutsView, RolloutView } from '../../shared/rollouts/contract.ts'
import { chooseEnvironment } from './choose-environment.ts'
import type { Given } from './command.ts'
import { type LocalCore, openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/**
 * `pilothouse rollouts`: progressive deliveries of a context, and what may be done to one of them. With `--dir` the
 * reason of an action is kept with the decision it is about.
 */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { signal } = terminal
  const context = given.value('context')
  if (context === undefined) throw new AppError('invalid-input', 'rollout.needContext')
  const [word, name] = given.positionals
  const action = rolloutActions.find(each => each === word)
  if (word !== undefined && (!action || action === 'set-weight' || name === undefined))
    throw new AppError('invalid-input', 'rollout.usage', {
      actions: rolloutActions.filter(each => each !== 'set-weight').join('|'),
    })
  const reason = given.value('reason')?.trim() ?? ''
  if (action && reason === '') throw new AppError('invalid-input', 'rollout.needReason', { action })
  await using core = await openCore(terminal)
  // Naming a context is leave to ask it.
  await core.api.clusters.allow({ context }, { signal })
  const scope = { context, ...(await placeOf(core, given, terminal)), ...namespacesOf(given) }
  if (action && name !== undefined) {
    const { rollouts } = await answered(core, scope, terminal)
    const rollout = named(rollouts, name)
    await core.api.rollouts.act({ ...scope, rollout: rollout.id, action, reason }, { signal })
    if (given.has('json')) printJson(terminal, { rollout: rollout.id, action, reason })
    else terminal.say({ key: 'rollout.acted', params: { rollout: rollout.id, action } })
    return exit.fine
  }
  if (given.has('watch')) return await watch(core, scope, given, terminal)
  const view = await answered(core, scope, terminal)
  if (given.has('json'))
    printJson(
      terminal,
      view.rollouts.map(rollout => entryOf(rollout, terminal.locale)),
    )
  else print(view, terminal)
  return exit.fine
}

type Scope = Parameters<LocalCore['api']['rollouts']['watch']>[0]

async function placeOf(
  core: LocalCore,
  given: Given,
  terminal: Terminal,
): Promise<Pick<Scope, 'workspace' | 'environment'>> {
  const directory = given.value('dir')
  if (directory === undefined) return {}
  const workspace = await openWorkspace(core, directory, terminal)
  return { workspace, environment: await chooseEnvironment(core, workspace, given, terminal) }
}

const namespacesOf = (given: Given): Pick<Scope, 'namespaces'> => {
  const namespaces = given.values('namespace')
  return namespaces.length > 0 ? { namespaces: [...namespaces] } : {}
}

/** The first answer that is whole. Rejects `unreachable` where there is none. */
async function answered(core: LocalCore, scope: Scope, { signal }: Terminal): Promise<RolloutsView> {
  const leaving = new AbortController()
  try {
    for await (const view of core.api.rollouts.watch(scope, { signal: AbortSignal.any([signal, leaving.signal]) })) {
      if (view.state === 'failed' || view.state === 'stale')
        throw new AppError('unreachable', view.problem?.key ?? 'error.unexpected', view.problem?.params)
      if (view.state === 'live') return view
    }
  } finally {
    leaving.abort()
  }
  throw new AppError('cancelled', 'error.cancelled')
}

/** Each state once, until it is interrupted: a table, or a line of JSON. */
async function watch(core: LocalCore, scope: Scope, given: Given, terminal: Terminal): Promise<ExitCode> {
  let last = ''
  for await (const view of core.api.rollouts.watch(scope, { signal: terminal.signal })) {
    if (view.state === 'connecting') continue
    const rollouts = view.rollouts.map(rollout => entryOf(rollout, terminal.locale))
    const now = JSON.stringify({ state: view.state, since: view.since, rollouts })
    if (now === last) continue
    last = now
    if (given.has('json')) terminal.out(`${now}\n`)
    else {
      print(view, terminal)
      terminal.out('\n')
    }
  }
  return exit.cancelled
}

/** One of that name: `cart`, `shop/cart` or `Rollout/shop/cart`. */
function named(rollouts: readonly RolloutView[], name: string): RolloutView {
  const fitting = rollouts.filter(
    ({ id, object }) => id === name || `${object.namespace}/${object.name}` === name || object.name === name,
  )
  if (fitting.length > 1)
    throw new AppError('invalid-input', 'rollout.several', { name, ids: fitting.map(({ id }) => id).join(', ') })
  const [only] = fitting
  if (!only) throw new AppError('not-found', 'rollout.notFound', { rollout: name })
  return only
}

/** A rollout as `--json` gives it. */
export function entryOf(rollout: RolloutView, locale: Locale) {
  const { object, status, standing, health, why, since, nextWeight, steps, pause } = rollout
  const { analyses, breach, stable, canary, deeds, decision, node, actions } = rollout
  return {
    id: rollout.id,
    ...object,
    engine: status.engine,
    strategy: status.strategy,
    phase: status.phase,
    standing,
    health,
    message: translate(locale, why),
    since,
    step: status.step,
    steps: steps.map(({ what, weight, state }) => ({ ...what, weight, state })),
    weight: status.weight,
    desiredWeight: status.desiredWeight,
    nextWeight,
    pause,
    stable,
    canary,
    analyses,
    breach,
    deeds,
    node,
    decision,
    actions: actions.map(({ action, where, missing }) => ({ action, where, missing })),
  }
}

function print(view: RolloutsView, terminal: Terminal): void {
  const { locale } = terminal
  if (view.context?.sandbox) terminal.say({ key: 'rollout.sandbox', params: { context: view.context.name } })
  if (view.state === 'stale' && view.problem) terminal.say(view.problem)
  for (const { verb, resource, namespace } of view.missing)
    terminal.say({ key: 'rollout.cannotRead', params: { verb, resource, namespace: namespace ?? '*' } })
  if (view.rollouts.length === 0) {
    terminal.say({ key: view.engines.length === 0 ? 'rollout.noEngines' : 'rollout.none' })
    return
  }
  const say = (key: Parameters<typeof translate>[1]['key'], params = {}) => translate(locale, { key, params })
  printTable(
    terminal,
    view.rollouts.map(rollout => {
      const { status, breach, nextWeight } = rollout
      const weight =
        status.weight === null ? '-' : `${status.weight} %${nextWeight === null ? '' : ` → ${nextWeight} %`}`
      return [
        rollout.id,
        status.phase || '-',
        status.step === null ? '-' : `${status.step}/${status.steps}`,
        weight,
        [translate(locale, rollout.why), ...(breach ? [describeBreach(breach, say)] : [])].join(' '),
      ]
    }),
  )
}
