import { AppError } from '../../shared/errors.ts'
import { translate } from '../../shared/messages/index.ts'
import { type ImpactDirection, impactOf, type Reached } from '../../shared/wiring/impact.ts'
import { chooseEnvironment } from './choose-environment.ts'
import type { Given } from './command.ts'
import { nearest } from './nearest.ts'
import { first, openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse topology impact`: who depends on a service, and what it depends on, how far and over what. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory, service = ''] = given.positionals
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const environment = await chooseEnvironment(core, workspace, given, terminal, given.value('rev'))
  const { signal } = terminal
  const revision = given.value('rev')
  const view = await first(
    core.api.topology.graph({ workspace, environment, ...(revision === undefined ? {} : { revision }) }, { signal }),
    signal,
  )
  const topology = view.base
  const ids = topology.nodes.map(node => node.id)
  if (!ids.includes(service)) {
    if (ids.length === 0) throw new AppError('not-found', 'cli.noServices')
    const near = nearest(service, ids)
    throw near === null
      ? new AppError('not-found', 'cli.noSuchService', { service })
      : new AppError('not-found', 'cli.noSuchServiceNear', { service, near })
  }
  const callers = impactOf(topology, service, 'callers')
  const calls = impactOf(topology, service, 'calls')
  const unknown = topology.nodes.filter(node => node.callsKnown === 'unknown').map(node => node.id)
  if (given.has('json')) {
    printJson(terminal, { environment, revision: topology.revision, service, callers, calls, unknown })
    return exit.fine
  }
  const say = (direction: ImpactDirection, reached: readonly Reached[]) => {
    const hops = reached.at(-1)?.hops ?? 0
    const params = { name: service, count: reached.length, hops }
    const none = direction === 'callers' ? 'wiring.nobodyDepends' : 'wiring.dependsOnNobody'
    const many = direction === 'callers' ? 'wiring.manyDepend' : 'wiring.dependsOnMany'
    terminal.out(`${translate(terminal.locale, { key: reached.length === 0 ? none : many, params })}\n`)
    printTable(
      terminal,
      reached.map(one => [
        `  ${one.hops}`,
        one.id,
        one.protocols.join(','),
        `${one.state} ${one.confidence.toFixed(2)}`,
        one.through.length > 0
          ? translate(terminal.locale, { key: 'wiring.through', params: { names: one.through.join(', ') } })
          : '',
      ]),
    )
  }
  say('callers', callers)
  say('calls', calls)
  const others = unknown.filter(id => id !== service && !callers.some(one => one.id === id))
  if (others.length > 0)
    terminal.say({ key: 'wiring.mayDependToo', params: { count: others.length, names: others.slice(0, 3).join(', ') } })
  return exit.fine
}
