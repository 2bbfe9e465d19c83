import * as z from 'zod/mini'
import { command, query, stream } from '../contract/define.ts'
import type { HealthStatus } from '../health/health.ts'
import type { HealthAnswer, HealthContract, ServiceHealth } from '../health/health-contract.ts'
import type { LiveLeader, LiveNode, LivePod, LiveWorkload } from '../live/live.ts'
import type { Message } from '../messages/index.ts'
import { inWorkspace } from '../workspaces/contract.ts'

/** What may be done through a context, whatever the cluster itself would allow. */
export const Policy = z.enum(['open', 'protected', 'read-only'])
export type Policy = z.infer<typeof Policy>

/** One context as a person sees it. */
export type ContextView = {
  readonly name: string
  readonly cluster: string
  readonly user: string
  readonly namespace: string | null
  /** Origin of the API server. */
  readonly server: string
  readonly file: string
  readonly current: boolean
  readonly sandbox: boolean
  readonly policy: Policy
  /** Who said so: a person on this machine, or `pilothouse.yaml` by protecting an environment that runs there. */
  readonly policyFrom: 'machine' | 'workspace' | null
  /** A protected context takes changes until then, ISO 8601; null where it takes none without being asked. */
  readonly unlockedUntil: string | null
  /** A person lets this machine ask it. Nothing is ever sent to one before. */
  readonly allowed: boolean
  /** Environments of the workspace that run there. */
  readonly environments: readonly { readonly id: string; readonly name: string; readonly isProtected: boolean }[]
}

export type ContextsView = {
  readonly contexts: readonly ContextView[]
  readonly problems: readonly { readonly file: string; readonly problem: Message }[]
}

/** A right as RBAC names it. `resource` has the subresource with it: `pods/log`. */
export type Right = {
  readonly verb: string
  readonly group: string
  readonly resource: string
  /** Null: in all namespaces. */
  readonly namespace: string | null
}

/**
 * - `none`: no context is known to be the environment's
 * - `offered`: one is, and a person has not let it be asked
 * - `connecting`: nothing yet
 * - `live`: so it is now
 * - `stale`: so it was; `since` and `problem` say when and why
 * - `failed`: there never was an answer
 */
export type LiveState = 'none' | 'offered' | 'connecting' | 'live' | 'stale' | 'failed'

/** How fresh something is that a cluster told. Times are ISO 8601. */
export type Freshness = {
  readonly state: LiveState
  /** When it was last known to be so; null before anything was. */
  readonly asOf: string | null
  /** Stale since. */
  readonly since: string | null
  readonly problem: Message | null
}

export type LiveView = Freshness & {
  readonly context: ContextView | null
  /** Version of the server, such as `v1.31.2`; null until it was asked. */
  readonly version: string | null
  readonly namespaces: readonly string[] | 'all'
  /** What would be shown and may not be read. */
  readonly missing: readonly Right[]
  readonly nodes: readonly LiveNode[]
  readonly workloads: readonly LiveWorkload[]
  /** Canaries and GitOps objects. */
  readonly leaders: readonly LiveLeader[]
  readonly problems: { readonly pods: readonly LivePod[]; readonly leftOut: number }
  readonly pods: number
  readonly notReady: number
}

export type PodsView = Freshness & {
  readonly pods: readonly LivePod[]
  /** Those that fit and are not listed. */
  readonly leftOut: number
}

/** One object in a list of its kind. */
export type ObjectRow = {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly createdAt: string
  readonly health: HealthStatus
  /** What tells it from its like: ports of a Service, reason and message of an event. */
  readonly about: string
  /** Of an event: how often, and when last. */
  readonly count?: number
  readonly last?: string
  readonly warning?: true
}
export type ObjectsView = Freshness & {
  readonly missing: readonly Right[]
  readonly rows: readonly ObjectRow[]
  readonly leftOut: number
}

export type ServedKind = {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly resource: string
  readonly namespaced: boolean
}

export type ObjectDescription = {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly createdAt: string
  readonly health: HealthStatus
  readonly message: string
  /** Why a Pod is not ready. */
  readonly why: Message | null
  readonly conditions: readonly {
    readonly type: string
    readonly status: string
    readonly reason: string
    readonly message: string
    readonly since: string
  }[]
  /** Newest first; null where they may not be read. */
  readonly events: readonly ObjectRow[] | null
  /** Who controls it, and who controls that. */
  readonly owners: readonly { readonly kind: string; readonly group: string; readonly name: string }[]
  readonly containers: readonly { readonly name: string; readonly init: boolean; readonly ports: readonly number[] }[]
  /** Without managed fields; values of a Secret are not in it. */
  readonly yaml: string
  readonly asOf: string
}

export type LogItem =
  | { readonly kind: 'lines'; readonly pod: string; readonly container: string; readonly lines: readonly string[] }
  /** More came than could be taken: so many lines are not shown. */
  | { readonly kind: 'skipped'; readonly count: number }
  | { readonly kind: 'ended'; readonly pod: string; readonly container: string }
  | { readonly kind: 'failed'; readonly pod: string; readonly container: string; readonly problem: Message }

export type TerminalItem =
  | { readonly kind: 'opened'; readonly session: string }
  /** Base64, as it came: control sequences and all. */
  | { readonly kind: 'output'; readonly data: string }
  | { readonly kind: 'ended'; readonly code: number | null }

export type ForwardView = {
  readonly id: string
  readonly context: string
  readonly namespace: string
  readonly pod: string
  readonly port: number
  /** On this machine, on loopback. */
  readonly localPort: number
  readonly sandbox: boolean
}

/** What a person may do with Pods of a namespace. */
export type PodAction = 'logs' | 'exec' | 'forward'
export type Access = {
  readonly action: PodAction
  readonly allowed: boolean
  /** The right it takes. */
  readonly right: Right
  /** Why not, where it is not for want of the right: the context is read-only. */
  readonly refused: Message | null
}

export type HealthView = Freshness & {
  readonly context: ContextView | null
  readonly services: readonly ServiceHealth[]
}

const Text = z.string().check(z.minLength(1), z.maxLength(512))
const inContext = { context: Text }
const Namespaces = z.union([z.literal('all'), z.array(Text).check(z.maxLength(200))])
/** Namespaces that are looked at: those of the environment, unless a person names others. */
const scope = {
  ...inWorkspace,
  environment: z.nullable(z.string()),
  context: z.optional(Text),
  namespaces: z.optional(Namespaces),
}
const inPod = { ...inContext, namespace: Text, pod: Text }
const kindName = { group: z.string(), kind: Text, version: z.optional(Text) }

export const clusters = {
  /** Contexts of the kubeconfig files, with what of the workspace runs on each. Asks no cluster anything. */
  contexts: stream(z.object({ workspace: z.optional(inWorkspace.workspace) })).of<ContextsView>(),
  /** Lets this machine ask a context, and remembers it. With an environment: that it runs there. */
  allow: command(
    z.object({ ...inContext, workspace: z.optional(inWorkspace.workspace), environment: z.optional(z.string()) }),
  ).returns<void>(),
  /** Takes the leave back: nothing more is asked. */
  disallow: command(z.object(inContext)).returns<void>(),
  setPolicy: command(z.object({ ...inContext, policy: Policy })).returns<void>(),
  /** Lets changes through to a protected context for some minutes. `typed` has to be its name. */
  unlock: command(z.object({ ...inContext, typed: z.string() })).returns<void>(),
  /** What runs of an environment, or in namespaces of a context. */
  live: stream(z.object(scope)).of<LiveView>(),
  /** Pods of a node, of a workload (`Kind namespace/name`), or all that fit the words; worst first. */
  pods: stream(
    z.object({
      ...scope,
      node: z.optional(z.string()),
      workload: z.optional(z.string()),
      search: z.optional(z.string()),
    }),
  ).of<PodsView>(),
  kinds: query(z.object(inContext)).returns<readonly ServedKind[]>(),
  objects: stream(z.object({ ...scope, ...kindName, search: z.optional(z.string()) })).of<ObjectsView>(),
  describe: query(
    z.object({ ...inContext, ...kindName, namespace: z.optional(z.string()), name: Text }),
  ).returns<ObjectDescription>(),
  logs: stream(
    z.object({
      ...inContext,
      namespace: Text,
      pods: z.array(z.object({ name: Text, container: z.optional(Text) })).check(z.minLength(1), z.maxLength(20)),
      follow: z.boolean(),
      previous: z.optional(z.boolean()),
      tailLines: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(50_000))),
      timestamps: z.optional(z.boolean()),
    }),
  ).of<LogItem>(),
  /** A process in a container, with a terminal. Ends with the stream. */
  terminal: stream(
    z.object({
      ...inPod,
      container: z.optional(Text),
      command: z.array(z.string()).check(z.minLength(1), z.maxLength(50)),
      columns: z.number().check(z.int(), z.minimum(1), z.maximum(1000)),
      rows: z.number().check(z.int(), z.minimum(1), z.maximum(1000)),
    }),
  ).of<TerminalItem>(),
  /** What a person types; base64. */
  type: command(z.object({ session: Text, data: z.string().check(z.maxLength(400_000)) })).returns<void>(),
  resize: command(
    z.object({
      session: Text,
      columns: z.number().check(z.int(), z.minimum(1), z.maximum(1000)),
      rows: z.number().check(z.int(), z.minimum(1), z.maximum(1000)),
    }),
  ).returns<void>(),
  forward: command(
    z.object({ ...inPod, port: z.number().check(z.int(), z.minimum(1), z.maximum(65535)) }),
  ).returns<ForwardView>(),
  forwards: stream(z.object({})).of<readonly ForwardView[]>(),
  stopForward: command(z.object({ id: Text })).returns<void>(),
  access: query(z.object({ ...inContext, namespace: Text })).returns<readonly Access[]>(),
  /** The health contract of each service, and what Kubernetes says of it. */
  health: stream(z.object({ ...inWorkspace, environment: z.string() })).of<HealthView>(),
  /** Asks a service what its contract says it answers, through the API server's proxy. */
  askHealth: command(z.object({ ...inWorkspace, environment: z.string(), node: z.string() })).returns<
    readonly HealthAnswer[]
  >(),
}
export type { HealthContract }
