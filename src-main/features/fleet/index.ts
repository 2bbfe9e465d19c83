import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import type { EdgeFleet, EdgeNode, EdgeService } from '../../../shared/edge/read-edge.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FleetView, KeptLatency, RolloutView, SshHosts, Underway } from '../../../shared/fleet/contract.ts'
import { nodesOf } from '../../../shared/fleet/place.ts'
import {
  beginRollout,
  isOver,
  missed,
  nextStep,
  type Rollout,
  ringsOf,
  withNodes,
} from '../../../shared/fleet/rollout.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import type { Artifacts } from '../../needs/artifacts.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Digest } from '../../needs/digest.ts'
import type { Documents } from '../../needs/documents.ts'
import type { SshTarget } from '../../needs/ssh.ts'
import { declaredFleet, targetOf } from '../edge/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { applyRelease, lookAt } from './apply-release.ts'
import type { Line } from './ask-node.ts'
import { keepResult } from './keep-result.ts'
import { type FleetStore, keptFleet } from './kept-fleet.ts'
import { measureLatency } from './measure-latency.ts'
import { planFleet } from './plan-fleet.ts'
import { type Prepared, prepareRelease } from './prepare-release.ts'
import { type Runner, runRollouts } from './run-rollouts.ts'

export type FleetNeeds = {
  readonly workspaces: Workspaces
  readonly documents: Documents
  readonly artifacts: Artifacts
  readonly clock: Clock
  readonly digest: Digest
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  readonly sshHosts: () => Promise<SshHosts>
  readonly connect: (target: SshTarget, signal: AbortSignal) => Promise<Line & AsyncDisposable>
  readonly report: (error: unknown) => void
}
export type FleetFeature = AsyncDisposable & { readonly handlers: Handlers<AppContract>['fleet'] }

/** How often nodes are tried again that nobody could reach, while the app is open. */
const retryMissed = 60_000
/** Milliseconds between two words of what is being sent to a node. */
const apart = 250

type Held = {
  readonly runner: Runner
  readonly progress: Map<string, RolloutView['progress']>
}

/** Plans, staged rollouts and measurements of edge nodes. */
export function fleetFeature(needs: FleetNeeds): FleetFeature {
  const { workspaces, clock } = needs
  const id = needs.digest(String.fromCharCode(...clock.random(16))).slice(0, 16)
  const held = new Map<WorkspaceId, Held>()
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  /** A service is read and packed once for a rollout, however many nodes it goes to. */
  const prepared = new Map<string, Promise<Prepared>>()

  const stores = new Map<WorkspaceId, FleetStore>()
  function storeOf({ id: workspace }: Workspace): FleetStore {
    const store = stores.get(workspace) ?? keptFleet(needs.documents, workspace)
    stores.set(workspace, store)
    return store
  }

  /** What moves the rollouts of a workspace on. To look at them alone changes no node, so it begins none. */
  function of(workspace: Workspace): Held {
    const known = held.get(workspace.id)
    if (known) return known
    const store = storeOf(workspace)
    const progress: Held['progress'] = new Map()
    const runner = runRollouts({
      store,
      now: clock.now,
      pause: needs.pause,
      id,
      changed,
      retryMissed,
      apply: async (rollout, name, signal) => {
        const fleet = await declaredFleet(workspace)
        const { service, declaration } = declared(fleet, rollout.service)
        const node = fleet.nodes.find(one => one.name === name)
        if (!node || declaration !== rollout.declaration)
          throw new AppError('conflict', 'fleet.declaredOtherwise', { service: rollout.service })
        let toldAt = 0
        const tell = (step: string, sent = 0, total = 0): void => {
          const before = progress.get(rollout.id)
          progress.set(rollout.id, { ...before, [name]: { step, sent, of: total } })
          // A step is news at once; how much was sent is so a few times a second.
          const now = performance.now()
          if (before?.[name]?.step === step && now - toldAt < apart) return
          toldAt = now
          changed()
        }
        tell('connecting')
        try {
          await using connection = await needs.connect(targetOf(node), signal)
          const key = `${workspace.id} ${rollout.id}`
          const ready = prepared.get(key) ?? prepareRelease(service, workspace.directory, needs.artifacts, signal)
          prepared.set(key, ready)
          ready.catch(() => prepared.delete(key))
          return await applyRelease(node, service, {
            connection,
            prepared: await ready,
            pause: needs.pause,
            signal,
            progress: tell,
          })
        } finally {
          const { [name]: _, ...others } = progress.get(rollout.id) ?? {}
          progress.set(rollout.id, others)
        }
      },
      onEnd: async rollout => {
        prepared.delete(`${workspace.id} ${rollout.id}`)
        progress.delete(rollout.id)
        await keepResult(workspace, rollout)
      },
      report: needs.report,
    })
    const now = { runner, progress }
    held.set(workspace.id, now)
    return now
  }

  function declared(
    fleet: EdgeFleet,
    name: string,
  ): { service: EdgeService; nodes: readonly EdgeNode[]; declaration: string } {
    const service = fleet.services.find(one => one.name === name)
    if (!service) throw new AppError('not-found', 'fleet.noSuchService', { service: name })
    const { file: _, line: __, ...said } = service
    return {
      service,
      nodes: nodesOf(service, fleet.nodes),
      declaration: needs.digest(JSON.stringify(said)).slice(0, 16),
    }
  }

  async function viewOf(workspace: Workspace): Promise<FleetView> {
    const fleet = await declaredFleet(workspace)
    const { rollouts, latencies, runner } = await storeOf(workspace).read()
    const progress = held.get(workspace.id)?.progress
    const now = clock.now()
    return {
      sandbox: workspace.sandbox,
      findings: fleet.findings,
      services: fleet.services
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(service => {
          const nodes = nodesOf(service, fleet.nodes)
          return {
            name: service.name,
            version: service.version ?? null,
            file: service.file,
            line: service.line,
            nodes: nodes.map(({ name }) => name),
            protectedNodes: nodes.filter(node => node.protected).map(({ name }) => name),
            rings: ringsOf(service, nodes),
            slo: { p99: service.slo?.schedulingLatencyP99 ?? null, max: service.slo?.schedulingLatencyMax ?? null },
          }
        }),
      rollouts: rollouts.map(rollout => {
        const next = nextStep(rollout, now)
        return {
          ...rollout,
          running: runner !== null && runner.until > now && rollout.end === null,
          progress: progress?.get(rollout.id) ?? {},
          soakUntil: next.kind === 'wait' && next.until !== null ? new Date(next.until).toISOString() : null,
        }
      }),
      latencies,
    }
  }

  async function underway(workspace: Workspace): Promise<Underway> {
    const { rollouts } = await storeOf(workspace).read()
    const open = rollouts.filter(({ end }) => end === null)
    const away = [...new Set(rollouts.filter(({ end }) => end !== null).flatMap(missed))].sort()
    if (open.length > 0 || away.length > 0) of(workspace)
    return {
      rollouts: open.map(({ id: rollout, service, nodes, paused }) => {
        const states = Object.values(nodes)
        return { rollout, service, paused, done: states.filter(isOver).length, count: states.length }
      }),
      away,
    }
  }

  const watching = (workspace: Workspace) => (tell: () => void) => {
    listeners.add(tell)
    const ends = [workspace.onChange(tell), storeOf(workspace).watch(tell)]
    return () => {
      listeners.delete(tell)
      for (const end of ends) end()
    }
  }

  async function change(workspaceId: WorkspaceId, rollout: string, how: (known: Rollout) => Rollout): Promise<void> {
    const workspace = await workspaces.get(workspaceId)
    const { runner } = of(workspace)
    await storeOf(workspace).change(kept => {
      if (!kept.rollouts.some(one => one.id === rollout)) throw new AppError('not-found', 'fleet.noSuchRollout')
      return { ...kept, rollouts: kept.rollouts.map(one => (one.id === rollout ? how(one) : one)) }
    })
    changed()
    runner.wake()
  }

  return {
    handlers: {
      async *view({ workspace: workspaceId }, { signal }) {
        const workspace = await workspaces.get(workspaceId)
        yield* recomputed(signal, watching(workspace), () => viewOf(workspace))
      },
      async *underway({ workspace: workspaceId }, { signal }) {
        const workspace = await workspaces.get(workspaceId)
        yield* recomputed(signal, watching(workspace), () => underway(workspace))
      },
      sshHosts: () => needs.sshHosts(),
      async plan({ workspace: workspaceId, ...scope }, { signal }) {
        const workspace = await workspaces.get(workspaceId)
        const fleet = await declaredFleet(workspace)
        if (scope.service !== undefined) declared(fleet, scope.service)
        checkNodes(fleet, scope.nodes)
        const { commit } = await workspace.repository.head()
        const plan = await planFleet(
          {
            fleet,
            directory: workspace.directory,
            artifacts: needs.artifacts,
            connect: (node, own) => needs.connect(targetOf(node), own),
            signal,
          },
          scope,
        )
        return { revision: commit ?? '', asOf: new Date(clock.now()).toISOString(), ...plan }
      },
      async apply({ workspace: workspaceId, service: only, nodes: onlyNodes, confirm = [] }) {
        const workspace = await workspaces.get(workspaceId)
        const fleet = await declaredFleet(workspace)
        checkNodes(fleet, onlyNodes)
        const { commit } = await workspace.repository.head()
        const names = only === undefined ? fleet.services.map(({ name }) => name) : [only]
        const wanted = names
          .map(name => declared(fleet, name))
          .map(one => ({ ...one, nodes: one.nodes.filter(({ name }) => onlyNodes?.includes(name) ?? true) }))
          .filter(({ nodes }) => nodes.length > 0)
        const guarded = wanted.flatMap(({ nodes }) =>
          nodes.filter(node => node.protected && !confirm.includes(node.name)),
        )
        if (guarded.length > 0) {
          const nodes = [...new Set(guarded.map(({ name }) => name))].join(', ')
          throw new AppError('refused-by-rule', 'fleet.protectedNodes', { nodes })
        }
        const { runner } = of(workspace)
        const now = clock.now()
        const begun: string[] = []
        await storeOf(workspace).change(kept => {
          let { rollouts } = kept
          for (const { service, nodes, declaration } of wanted) {
            const isSame = (one: Rollout): boolean =>
              one.declaration === declaration && nodes.every(({ name }) => Object.hasOwn(one.nodes, name))
            const open = rollouts.find(one => one.service === service.name && one.end === null)
            if (open && isSame(open)) {
              begun.push(open.id)
              continue
            }
            const fresh = beginRollout(service, nodes, {
              id: needs.digest(`${declaration} ${now} ${service.name} ${id}`).slice(0, 12),
              revision: commit ?? '',
              declaration,
              now,
            })
            begun.push(fresh.id)
            rollouts = [
              fresh,
              ...rollouts.map(one =>
                one.service === service.name && (one.end === null || missed(one).length > 0)
                  ? { ...one, end: { kind: 'replaced' as const, at: now } }
                  : one,
              ),
            ]
          }
          return { ...kept, rollouts }
        })
        changed()
        runner.wake()
        return { rollouts: begun }
      },
      pause: ({ workspace, rollout }) => change(workspace, rollout, known => ({ ...known, paused: true })),
      resume: ({ workspace, rollout }) => change(workspace, rollout, known => ({ ...known, paused: false })),
      retry: ({ workspace, rollout }) =>
        change(workspace, rollout, known => {
          const again = Object.entries(known.nodes).filter(
            ([, { kind }]) => !['applied', 'unchanged', 'waiting', 'applying'].includes(kind),
          )
          const waiting = Object.fromEntries(again.map(([name]) => [name, { kind: 'waiting' as const }]))
          return { ...withNodes(known, waiting, clock.now()), end: null, paused: false }
        }),
      async measure({ workspace: workspaceId, node: name, service, label = '', ...setup }, { signal }) {
        const workspace = await workspaces.get(workspaceId)
        const fleet = await declaredFleet(workspace)
        checkNodes(fleet, [name])
        const node = fleet.nodes.find(one => one.name === name)!
        await using connection = await needs.connect(targetOf(node), signal)
        const { isRoot } = await lookAt(node, connection, [], signal)
        const latency = await measureLatency(
          { node: name, connection, isRoot },
          {
            seconds: setup.seconds,
            ...(setup.priority !== undefined && { priority: setup.priority }),
            ...(setup.cpus !== undefined && { cpus: setup.cpus }),
            ...(setup.load !== undefined && { load: setup.load }),
          },
          signal,
        )
        const kept: KeptLatency = {
          node: name,
          service: service ?? null,
          at: new Date(clock.now()).toISOString(),
          label,
          latency,
        }
        await storeOf(workspace).change(known => ({ ...known, latencies: [kept, ...known.latencies] }))
        changed()
        return kept
      },
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...held.values()].map(({ runner }) => runner[Symbol.asyncDispose]()))
    },
  }
}

function checkNodes(fleet: EdgeFleet, names: readonly string[] = []): void {
  const unknown = names.find(name => !fleet.nodes.some(node => node.name === name))
  if (unknown !== undefined) {
    const known = fleet.nodes.map(({ name }) => name).join(', ') || '–'
    throw new AppError('not-found', 'fleet.noSuchNode', { node: unknown, known })
  }
}
