import type { EdgeNodeView, EdgeView } from '../../shared/edge/contract.ts'
import { AppError } from '../../shared/errors.ts'
import { type Message, translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { nearest } from './nearest.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

const isAnswered = ({ state }: EdgeNodeView): boolean => state === 'live' || state === 'failed' || state === 'stale'
const gigabytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`

/**
 * `pilothouse edge status`: every node asked at once, over SSH as `ssh` would reach it. To call it is to agree to that.
 * Ends with 3 when a node cannot be reached, with 1 when one that answers has something broken.
 */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { signal } = terminal
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const wanted = given.values('node')
  const { nodes, findings } = await ask(core.api.edge, workspace, wanted, signal)
  // What could not be read is left out, so whoever counts nodes must be told.
  for (const { message } of findings) terminal.say(message)

  if (given.has('json')) printJson(terminal, nodes.map(described))
  else if (nodes.length === 0) {
    if (findings.length === 0) terminal.say({ key: 'edge.noNodes' })
  } else {
    const say = (message: Message) => translate(terminal.locale, message)
    printTable(
      terminal,
      nodes.map(node => {
        const word = say({ key: node.state === 'live' ? 'edge.stateLive' : 'edge.stateFailed' })
        const says = [...(node.problem ? [node.problem] : []), ...node.problems.map(({ message }) => message)]
        const worst = node.problems[0]?.severity
        const mark = node.state !== 'live' || worst === 'error' ? '!' : worst === 'warning' ? '~' : ' '
        return [mark, node.name, word, ...figures(node), says.map(say).join(' · ')]
      }),
    )
  }
  if (nodes.length === 0 && findings.length > 0) return exit.usage
  if (nodes.some(({ state }) => state !== 'live')) return exit.unreachable
  return nodes.some(({ problems }) => problems[0]?.severity === 'error') ? exit.no : exit.fine
}

async function ask(
  edge: Awaited<ReturnType<typeof openCore>>['api']['edge'],
  workspace: string,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<Pick<EdgeView, 'nodes' | 'findings'>> {
  let allowed = false
  for await (const { nodes, findings } of edge.watch({ workspace }, { signal })) {
    const known = nodes.map(({ name }) => name)
    const unknown = wanted.find(name => !known.includes(name))
    if (unknown !== undefined) {
      const near = nearest(unknown, known)
      throw near === null
        ? new AppError('not-found', 'edge.noSuchNode', { node: unknown })
        : new AppError('not-found', 'edge.noSuchNodeNear', { node: unknown, near })
    }
    const asked = nodes.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    if (asked.every(isAnswered)) return { nodes: asked, findings }
    if (!allowed) {
      allowed = true
      await edge.allow({ workspace, nodes: asked.map(({ name }) => name) }, { signal })
    }
  }
  throw new AppError('cancelled', 'error.cancelled')
}

function figures({ facts }: EdgeNodeView): readonly string[] {
  if (!facts) return ['', '', '', '', '']
  const { memory, disks, heat, load } = facts
  const root = disks.find(({ at }) => at === '/') ?? disks[0]
  const hottest = heat.length > 0 ? Math.max(...heat.map(({ celsius }) => celsius)) : null
  return [
    facts.machine,
    facts.model ?? facts.cpu.name ?? '',
    load ? load[0].toFixed(2) : '',
    memory ? `${gigabytes(memory.total - memory.available)}/${gigabytes(memory.total)}` : '',
    [
      root ? `${Math.round((root.used / Math.max(1, root.used + root.available)) * 100)}%` : '',
      hottest === null ? '' : `${Math.round(hottest)} °C`,
    ]
      .filter(text => text !== '')
      .join(' '),
  ]
}

/** Messages in words, for scripts; keys are not an interface. */
const described = ({ problem, problems, retryAt: _retryAt, ...node }: EdgeNodeView) => ({
  ...node,
  problem: problem && translate('en', problem),
  problems: problems.map(({ severity, message }) => ({ severity, message: translate('en', message) })),
})
