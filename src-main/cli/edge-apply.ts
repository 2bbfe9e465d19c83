import type { RolloutView } from '../../shared/fleet/contract.ts'
import { stateWords } from '../../shared/fleet/state-words.ts'
import { translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { scopeOf } from './edge-plan.ts'
import { first, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/**
 * `pilothouse edge apply`: brings nodes to what the branch declares, ring by ring, and waits for the end. 0: all have
 * it, 1: some failed or were put back, 3: some could not be reached, and the next call goes on with them.
 */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { locale, signal } = terminal
  const [directory] = given.positionals
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  // What could not be read is not applied, and is not passed over in silence.
  const { services, findings } = await first(core.api.fleet.view({ workspace }, { signal }), signal)
  for (const { message } of findings) terminal.say(message)
  if (services.length === 0 && findings.length === 0) terminal.say({ key: 'fleet.noServices' })
  const { rollouts: ids } = await core.api.fleet.apply(
    { workspace, ...scopeOf(given), confirm: [...given.values('confirm')] },
    { signal },
  )
  let ended: readonly RolloutView[] = []
  const told = new Set<string>()
  if (ids.length > 0)
    for await (const view of core.api.fleet.view({ workspace }, { signal })) {
      ended = view.rollouts.filter(({ id }) => ids.includes(id))
      for (const rollout of ended)
        for (const [node, state] of Object.entries(rollout.nodes)) {
          const key = `${rollout.id} ${node}`
          if (state.kind === 'waiting' || state.kind === 'applying' || told.has(key)) continue
          told.add(key)
          if (given.has('json')) continue
          const reason = 'reason' in state ? `  ${translate(locale, state.reason)}` : ''
          const word = translate(locale, { key: stateWords[state.kind] })
          terminal.out(`${rollout.service}  ${node}  ${word}${reason}\n`)
          if (state.kind === 'reverted') for (const line of state.journal) terminal.out(`    ${line}\n`)
        }
      if (ended.every(({ end }) => end !== null)) break
    }
  if (given.has('json'))
    printJson(
      terminal,
      ended.map(({ service, version, revision, end, nodes }) => ({
        service,
        version,
        revision,
        end: end && { ...end, ...(end.reason && { reason: translate(locale, end.reason) }) },
        nodes: Object.fromEntries(
          Object.entries(nodes).map(([node, state]) => [
            node,
            'reason' in state ? { ...state, reason: translate(locale, state.reason) } : state,
          ]),
        ),
      })),
    )
  else for (const { end } of ended) if (end?.reason) terminal.out(`${translate(locale, end.reason)}\n`)
  const kinds = new Set(ended.flatMap(({ nodes }) => Object.values(nodes).map(({ kind }) => kind)))
  if (findings.some(({ severity }) => severity === 'error')) return exit.usage
  if (['failed', 'reverted', 'refused', 'waiting'].some(kind => kinds.has(kind as 'failed'))) return exit.no
  return kinds.has('unreachable') ? exit.unreachable : exit.fine
}
