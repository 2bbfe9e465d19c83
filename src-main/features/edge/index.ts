import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { processesScript, readProcesses } from '../../../shared/edge/look/processes.ts'
import { readUnits, unitsScript } from '../../../shared/edge/look/units.ts'
import type { EdgeNode } from '../../../shared/edge/read-edge.ts'
import { AppError } from '../../../shared/errors.ts'
import type { SshConnection } from '../../needs/ssh.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { newNonce } from './ask-facts.ts'
import { readFolder, readStretch } from './browse-files.ts'
import { declaredFleet } from './declared-fleet.ts'
import { followJournal, type JournalNeeds } from './follow-journal.ts'
import { targetOf } from './kept-nodes.ts'
import { runScript } from './run-script.ts'
import { createTerminals } from './terminals.ts'
import { type FleetNeeds, type WatchedFleet, watchFleet } from './watch-fleet.ts'

export { declaredFleet } from './declared-fleet.ts'
export { targetOf } from './kept-nodes.ts'

export type EdgeNeeds = FleetNeeds & Pick<JournalNeeds, 'pause'> & { readonly workspaces: Workspaces }

export type EdgeFeature = AsyncDisposable & { readonly handlers: Handlers<AppContract>['edge'] }

/** Edge nodes: how they do, and everything that can be looked at on one. */
export function edgeFeature(needs: EdgeNeeds): EdgeFeature {
  const { pool, clock, pause, workspaces } = needs
  const fleets = new Map<string, WatchedFleet>()
  const terminals = createTerminals(() => newNonce(clock))

  const fleetOf = (workspace: Workspace): WatchedFleet => {
    const known = fleets.get(workspace.id) ?? watchFleet(workspace, needs)
    fleets.set(workspace.id, known)
    return known
  }

  async function nodeOf(workspace: string, name: string): Promise<EdgeNode> {
    const { nodes } = await declaredFleet(await workspaces.get(workspace))
    const node = nodes.find(one => one.name === name)
    if (!node) throw new AppError('not-found', 'edge.noSuchNode', { node: name })
    return node
  }

  /** A connection to a node that this machine may connect to. A person asks, so no pause is kept. */
  async function connect(workspace: string, name: string, signal: AbortSignal, anew = true): Promise<SshConnection> {
    const node = await nodeOf(workspace, name)
    const { nodes } = await fleetOf(await workspaces.get(workspace)).view()
    if (nodes.find(one => one.name === name)?.state === 'not-allowed')
      throw new AppError('forbidden', 'edge.notAllowed', { node: name, host: node.host })
    return await pool.connect(targetOf(node), signal, anew)
  }

  async function ask<T>(
    { workspace, node }: { readonly workspace: string; readonly node: string },
    script: (nonce: string) => string,
    read: (nonce: string, answer: string) => T,
    signal: AbortSignal,
  ): Promise<T & { asOf: string }> {
    await using connection = await connect(workspace, node, signal)
    const nonce = newNonce(clock)
    const { stdout } = await runScript(connection, script(nonce), { now: clock.now, longest: 2 << 20 }, signal)
    return { ...read(nonce, stdout), asOf: new Date(clock.now()).toISOString() }
  }

  return {
    handlers: {
      async *watch({ workspace: id }, { signal }) {
        const workspace = await workspaces.get(id)
        const fleet = fleetOf(workspace)
        yield* recomputed(
          signal,
          changed => fleet.watch(changed),
          async () => {
            const { nodes, fleet: declared } = await fleet.view()
            return { sandbox: workspace.sandbox, nodes, findings: declared.findings }
          },
        )
      },
      allow: async ({ workspace, nodes }) => fleetOf(await workspaces.get(workspace)).allow(nodes),
      refresh: async ({ workspace, nodes }) => fleetOf(await workspaces.get(workspace)).refresh(nodes),
      units: (of, { signal }) => ask(of, unitsScript, readUnits, signal),
      processes: (of, { signal }) =>
        ask(of, processesScript, (nonce, answer) => ({ processes: readProcesses(nonce, answer) }), signal),
      async *journal({ workspace, node, ...filter }, { signal }) {
        yield* followJournal(
          filter,
          { clock, pause, connect: (anew, own) => connect(workspace, node, own, anew) },
          signal,
        )
      },
      async folder({ workspace, node, path }, { signal }) {
        await using connection = await connect(workspace, node, signal)
        return await readFolder(connection, path, signal)
      },
      async file({ workspace, node, path, offset, length }, { signal }) {
        await using connection = await connect(workspace, node, signal)
        return await readStretch(connection, path, offset, length, signal)
      },
      async *terminal({ workspace, node, columns, rows }, { signal }) {
        yield* terminals.open(await connect(workspace, node, signal), { columns, rows }, signal)
      },
      type: ({ terminal, text }) => terminals.type(terminal, text),
      async resize({ terminal, ...size }) {
        terminals.resize(terminal, size)
      },
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...fleets.values()].map(fleet => fleet[Symbol.asyncDispose]()))
    },
  }
}
