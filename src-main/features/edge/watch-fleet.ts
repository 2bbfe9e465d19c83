import type { EdgeNodeView } from '../../../shared/edge/contract.ts'
import { findProblems } from '../../../shared/edge/facts/find-problems.ts'
import type { EdgeFleet, EdgeNode } from '../../../shared/edge/read-edge.ts'
import { placements } from '../../../shared/fleet/place.ts'
import type { Documents } from '../../needs/documents.ts'
import type { Workspace } from '../workspaces/index.ts'
import { declaredFleet } from './declared-fleet.ts'
import { keptAllowed, keptSeen, targetKey, targetOf } from './kept-nodes.ts'
import { type NodeSession, nodeSession, type Seen, type SessionNeeds, type SessionState } from './node-session.ts'

export type FleetNeeds = SessionNeeds & { readonly documents: Documents }

/** The nodes of a workspace, each asked as long as somebody watches. */
export interface WatchedFleet extends AsyncDisposable {
  /** Nodes as they are declared now and as they were when last seen. What did not change is the same object as before. */
  view(): Promise<{ readonly nodes: readonly EdgeNodeView[]; readonly fleet: EdgeFleet }>
  watch(listener: () => void): () => void
  allow(names: readonly string[]): Promise<void>
  refresh(names: readonly string[] | undefined): Promise<void>
}

/** Milliseconds between two questions to a node, and at least so many for each node there is: ten questions a second. */
const every = { least: 30_000, node: 100 } as const
/** Milliseconds between two writes of what nodes said: it may be large, and only the last is ever read. */
const keepEvery = 30_000

export function watchFleet(workspace: Workspace, needs: FleetNeeds): WatchedFleet {
  const seenKept = keptSeen(needs.documents, workspace.id)
  const allowedKept = keptAllowed(needs.documents, workspace.id)
  const sessions = new Map<string, NodeSession>()
  const views = new Map<string, { of: readonly unknown[]; view: EdgeNodeView }>()
  const listeners = new Set<() => void>()
  const leaving = new Map<NodeSession, () => void>()
  let remembered: Promise<ReadonlyMap<string, Seen>> | null = null
  let last = new Map<string, Seen>()
  let keeping: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  const interval = () => Math.max(every.least, sessions.size * every.node)
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const keep = (): void => {
    keeping = null
    const now = new Map(last)
    for (const [key, { state }] of sessions) if (state.seen) now.set(key, state.seen)
    if ([...now].every(([key, seen]) => last.get(key) === seen)) return
    last = now
    writing = writing.then(() => seenKept.write(now)).catch(needs.report)
  }
  const changed = (): void => {
    keeping ??= setTimeout(keep, keepEvery)
    keeping.unref()
    tell()
  }

  async function sessionsOf(fleet: EdgeFleet): Promise<ReadonlyMap<EdgeNode, NodeSession | Seen | null>> {
    remembered ??= seenKept.read()
    const before = await remembered
    if (last.size === 0) last = new Map(before)
    const allowed = await allowedKept.read()
    const found = new Map<EdgeNode, NodeSession | Seen | null>()
    for (const node of fleet.nodes) {
      const key = targetKey(node)
      // The sandbox is ours, and so is what it names.
      if (!workspace.sandbox && !allowed.has(key)) {
        found.set(node, before.get(key) ?? null)
        continue
      }
      const session = sessions.get(key) ?? nodeSession(targetOf(node), before.get(key) ?? null, interval, needs)
      sessions.set(key, session)
      found.set(node, session)
      if (listeners.size > 0 && !leaving.has(session)) leaving.set(session, session.watch(changed))
    }
    const current = new Set(found.values())
    for (const [key, session] of sessions)
      if (!current.has(session)) {
        session.close()
        sessions.delete(key)
        leaving.delete(session)
      }
    return found
  }

  const leave = (): void => {
    for (const end of leaving.values()) end()
    leaving.clear()
    keep()
  }

  const isSession = (of: NodeSession | Seen | null): of is NodeSession => of !== null && 'ask' in of

  return {
    async view() {
      const fleet = await declaredFleet(workspace)
      const services = servicesOf(fleet)
      const nodes = [...(await sessionsOf(fleet))].map(([node, of]) => {
        const state = isSession(of) ? of.state : null
        const seen = isSession(of) ? of.state.seen : of
        // The fleet's objects are the same until its files change.
        const from = [node, state, seen]
        const known = views.get(node.name)
        if (known?.of.every((part, index) => part === from[index])) return known.view
        const view = viewOf(node, services.get(node) ?? [], state, seen)
        views.set(node.name, { of: from, view })
        return view
      })
      return { nodes, fleet }
    },
    watch(listener) {
      const own = () => listener()
      listeners.add(own)
      const ends = [workspace.onChange(own), allowedKept.watch(own)]
      return () => {
        for (const end of ends) end()
        if (listeners.delete(own) && listeners.size === 0) leave()
      }
    },
    async allow(names) {
      const { nodes } = await declaredFleet(workspace)
      await allowedKept.add(nodes.filter(({ name }) => names.includes(name)).map(targetKey))
      tell()
    },
    async refresh(names) {
      const found = await sessionsOf(await declaredFleet(workspace))
      const asked = [...found].flatMap(([node, of]) =>
        isSession(of) && (names === undefined || names.includes(node.name)) ? [of.ask()] : [],
      )
      await Promise.all(asked)
      keep()
      tell()
    },
    async [Symbol.asyncDispose]() {
      if (keeping) clearTimeout(keeping)
      keep()
      for (const session of sessions.values()) session.close()
      await writing
    },
  }
}

const placed = new WeakMap<EdgeFleet, ReadonlyMap<EdgeNode, readonly string[]>>()
/** Names of the services meant for each node; worked out once for each reading of the files. */
function servicesOf(fleet: EdgeFleet): ReadonlyMap<EdgeNode, readonly string[]> {
  const known = placed.get(fleet)
  if (known) return known
  const found = new Map<EdgeNode, string[]>()
  for (const { service, nodes } of placements(fleet))
    for (const node of nodes) found.set(node, [...(found.get(node) ?? []), service.name])
  placed.set(fleet, found)
  return found
}

const iso = (time: number | undefined): string | null => (time === undefined ? null : new Date(time).toISOString())

function viewOf(
  { name, file, line, host, labels, architecture, protected: guarded = false }: EdgeNode,
  services: readonly string[],
  state: SessionState | null,
  seen: Seen | null,
): EdgeNodeView {
  const failing = state?.failing ?? null
  return {
    name,
    file,
    line,
    host,
    labels,
    architecture: architecture ?? null,
    protected: guarded,
    services,
    state: !state ? 'not-allowed' : state.live ? 'live' : !failing ? 'connecting' : seen ? 'stale' : 'failed',
    address: seen?.address ?? null,
    lastSeen: iso(seen?.at),
    staleSince: iso(failing?.since),
    problem: failing?.problem ?? null,
    retryAt: iso(failing?.retryAt),
    problems: seen ? findProblems(seen.facts, architecture ?? null) : [],
    facts: seen?.facts ?? null,
  }
}
