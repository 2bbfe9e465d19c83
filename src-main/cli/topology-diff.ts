import type { ChangeState, TopologyDiff } from '../../shared/topology/topology.ts'
import { chooseEnvironment } from './choose-environment.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

const signs: { readonly [change in ChangeState]: string } = { added: '+', removed: '-', changed: '~', same: ' ' }

/** Lines such as `~ checkout  replicas: 2 → 4` and `+ checkout → payments (grpc)`. */
export function describeDiff(diff: TopologyDiff): readonly string[] {
  return [
    ...diff.nodes.flatMap(({ id, change, fields }) => [
      `${signs[change]} ${id}`,
      ...fields.map(({ field, before, after }) => `    ${field}: ${before ?? '∅'} → ${after ?? '∅'}`),
    ]),
    ...diff.edges.map(({ from, to, protocol, change }) => `${signs[change]} ${from} → ${to} (${protocol})`),
  ]
}

/** `pilothouse topology diff`: what differs between two revisions. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory, from = '', to = ''] = given.positionals
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const environment = await chooseEnvironment(core, workspace, given, terminal, to)
  const { signal } = terminal
  const answer = await core.api.topology.diff({ workspace, environment, from, to }, { signal })
  const { diff } = answer
  const differs = diff.nodes.length > 0 || diff.edges.length > 0
  if (given.has('json'))
    printJson(terminal, { environment, from: answer.from.revision, to: answer.to.revision, ...diff })
  else if (differs) terminal.out(`${describeDiff(diff).join('\n')}\n`)
  else terminal.say({ key: 'cli.noDifference' })
  return differs && given.has('exit-code') ? exit.no : exit.fine
}
