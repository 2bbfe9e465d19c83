import type { GrpcReply } from '../../shared/health/grpc-health.ts'
import type { LiveObject } from '../../shared/health/health.ts'
import type { Message } from '../../shared/messages/index.ts'
import type { ProcessExit } from './ssh.ts'

/** One context of a kubeconfig, as the file says it: nothing of it has been asked yet, and no secret is in it. */
export type ClusterContext = {
  readonly name: string
  readonly cluster: string
  readonly user: string
  /** The context's own namespace; null where it names none. */
  readonly namespace: string | null
  /** Origin of the API server, without user and password. */
  readonly server: string
  /** The file it stands in; `in-cluster` for a Pod's own. */
  readonly file: string
  readonly current: boolean
  /** Simulated: said wherever a person sees it. */
  readonly sandbox: boolean
}

/** A kind as discovery tells it. `group` is empty for the core group. */
export type ObjectKind = {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** The plural, as in the path. */
  readonly resource: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  /** `status`, `scale`, `log`, `exec` … */
  readonly subresources: readonly string[]
}

/** What a kind is named by where its version does not matter: the server's preferred one is used. */
export type KindName = { readonly group: string; readonly kind: string; readonly version?: string }
export type ObjectName = KindName & { readonly namespace?: string; readonly name: string }

/** What is listed or watched: one kind, in one namespace or all. */
export type ObjectScope = {
  readonly kind: KindName
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/**
 * What a watch tells: at once after a silence, and in batches about twenty-five times a second at most. `snapshot` first, and again whenever the server's
 * history was lost (410) or a connection was away too long: it replaces everything. `stale` when the server cannot be
 * reached or refuses: what was said before holds as of `since` (milliseconds since the epoch) until the next `snapshot`
 * or `fresh`. It comes before any snapshot where the server cannot be reached yet; the watch goes on trying.
 * The watch itself never ends but by its signal, by `unauthorized`, or when the kind is not served; it starts with a
 * rejection where the first list is refused. Objects come without `metadata.managedFields`: ask `get` for them.
 */
export type WatchEvent =
  | { readonly kind: 'snapshot'; readonly objects: readonly LiveObject[] }
  | { readonly kind: 'changes'; readonly changed: readonly LiveObject[]; readonly gone: readonly LiveObject[] }
  | { readonly kind: 'stale'; readonly since: number; readonly problem: Message }
  | { readonly kind: 'fresh' }

export type AccessQuestion = {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

export type LogOptions = {
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly tailLines?: number
  readonly sinceSeconds?: number
  readonly timestamps?: boolean
}

/** A process in a container, with a terminal when asked for. */
export interface ContainerProcess extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>
  /** Columns and rows of the terminal; does nothing without one. */
  resize(columns: number, rows: number): void
  /** With a terminal, both streams in one. */
  readonly output: AsyncIterable<{ readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }>
  readonly exit: Promise<ProcessExit>
}

/** A TCP port of this machine that leads to a Pod until disposed. */
export interface PortForward extends AsyncDisposable {
  readonly localPort: number
}

/**
 * One cluster, through one context. Objects have no `metadata.resourceVersion`: what it is for stays in the adapter.
 * Every method rejects `unreachable`, `unauthorized`, `forbidden` (params: verb,
 * resource, namespace: which right is missing), `not-found`, `conflict` (with the fields and their managers in words),
 * `invalid-input` (what the server refuses, in its words), `cancelled`.
 */
export interface Cluster extends AsyncDisposable {
  readonly context: ClusterContext
  /** Git version of the server, such as `v1.31.2`. */
  version(signal: AbortSignal): Promise<string>
  /** What the server serves, one version a kind (the preferred one); asked once, and again after `refresh`. */
  kinds(signal: AbortSignal, refresh?: boolean): Promise<readonly ObjectKind[]>
  get(name: ObjectName, signal: AbortSignal): Promise<LiveObject>
  /** All of them, fetched in pages. Each has its `apiVersion` and `kind`. */
  list(scope: ObjectScope, signal: AbortSignal): Promise<readonly LiveObject[]>
  /** A watch that lives through dropped connections, 410, 429 and restarts of the server. Watches of the same scope share one. */
  watch(scope: ObjectScope, signal: AbortSignal): AsyncIterable<WatchEvent>
  create(object: LiveObject, options: { readonly dryRun?: boolean }, signal: AbortSignal): Promise<LiveObject>
  /** Server-side apply. `force` takes fields over from other managers. */
  apply(
    object: LiveObject,
    options: { readonly fieldManager: string; readonly force?: boolean; readonly dryRun?: boolean },
    signal: AbortSignal,
  ): Promise<LiveObject>
  patch(
    name: ObjectName,
    patch: {
      readonly type: 'merge' | 'json' | 'strategic'
      readonly body: LiveObject | readonly LiveObject[]
      readonly subresource?: string
      readonly fieldManager?: string
      readonly dryRun?: boolean
    },
    signal: AbortSignal,
  ): Promise<LiveObject>
  /** `uid` guards against deleting another object of the same name. Resolves when the server has accepted it. */
  delete(
    name: ObjectName,
    options: { readonly propagation?: 'Foreground' | 'Background' | 'Orphan'; readonly uid?: string },
    signal: AbortSignal,
  ): Promise<void>
  /** SelfSubjectAccessReview: one answer a question, in order. Answers are kept for a minute. */
  mayI(questions: readonly AccessQuestion[], signal: AbortSignal): Promise<readonly boolean[]>
  /** Lines as they come, without their line ends. Ends when the log does, or never with `follow`. */
  logs(
    pod: { readonly namespace: string; readonly name: string },
    options: LogOptions,
    signal: AbortSignal,
  ): AsyncIterable<readonly string[]>
  exec(
    pod: { readonly namespace: string; readonly name: string; readonly container?: string },
    command: readonly string[],
    options: { readonly terminal?: { readonly columns: number; readonly rows: number } },
    signal: AbortSignal,
  ): Promise<ContainerProcess>
  forward(
    pod: { readonly namespace: string; readonly name: string },
    port: number,
    signal: AbortSignal,
  ): Promise<PortForward>
  /**
   * Asks `grpc.health.v1.Health/Check` of a port of a Pod. What the server says is an answer, a refusal too; it rejects
   * `unreachable` where nothing answers there or what does is no gRPC.
   */
  grpcHealth(
    pod: { readonly namespace: string; readonly name: string },
    to: { readonly port: number; readonly service: string; readonly tls: boolean },
    signal: AbortSignal,
  ): Promise<GrpcReply>
  /** GET of a path of a Pod or Service through the API server's proxy: status, type and at most 64 kB of its body. */
  proxyGet(
    to: {
      readonly kind: 'pods' | 'services'
      readonly namespace: string
      readonly name: string
      readonly port: string
    },
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly contentType: string; readonly body: string }>
}

/** A file that cannot be read, or a context in it that leads nowhere. */
export type KubeconfigProblem = { readonly file: string; readonly problem: Message }

/** The clusters a person's kubeconfig files name. */
export interface Clusters extends AsyncDisposable {
  /** Read anew each time. A broken file is a problem beside the contexts of the others. */
  contexts(): Promise<{
    readonly contexts: readonly ClusterContext[]
    readonly problems: readonly KubeconfigProblem[]
  }>
  /** Opened on demand and shared; nothing is asked of the server yet. Rejects `not-found` for an unknown context. */
  open(context: string): Promise<Cluster>
}
