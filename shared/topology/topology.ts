import type { Edit } from '../edits/edit.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Message } from '../messages/index.ts'

export type NodeKind = 'service' | 'datastore' | 'queue' | 'gateway' | 'external' | 'edge'

/** A container as declared, for the inspector and for typed edits. */
export type Container = {
  readonly name: string
  readonly image: string
  readonly init: boolean
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[]
  /** `value` is absent for a value that comes from a Secret. */
  readonly env: readonly {
    readonly name: string
    readonly value?: string
    readonly from?: {
      readonly kind: 'configMap' | 'secret' | 'field' | 'resource'
      readonly name: string
      readonly key: string
    }
    /** Where the line is, if not in the file the workload is edited by. */
    readonly file?: string
    readonly line: number
  }[]
  readonly resources: {
    readonly requests?: { readonly [name: string]: string }
    readonly limits?: { readonly [name: string]: string }
  }
  readonly probes: readonly ('livenessProbe' | 'readinessProbe' | 'startupProbe')[]
}

/** A node of the topology. `id` is `metadata.name` where that is unique, else `namespace/name`; a host for externals. */
export type TopologyNode = {
  readonly id: string
  readonly kind: NodeKind
  readonly workload?: { readonly kind: string; readonly namespace?: string; readonly name: string }
  /** What was recognised: `postgresql`, `redis`, `kafka`, `nginx` … for the glyph and the inspector. */
  readonly technology?: string
  readonly file?: string
  readonly line?: number
  readonly resource?: ResourceRef
  readonly replicas?: number
  readonly containers?: readonly Container[]
  readonly labels?: { readonly [key: string]: string }
  /** Service objects that select this workload. */
  readonly services: readonly {
    readonly resource: ResourceRef
    /** Where the line is, if not in the file the object is edited by. */
    readonly file?: string
    readonly line: number
    readonly type: string
    readonly ports: readonly {
      readonly name?: string
      readonly port: number
      readonly targetPort?: string | number
      readonly nodePort?: number
    }[]
  }[]
  readonly autoscaler?: {
    readonly resource: ResourceRef
    readonly file?: string
    readonly line: number
    readonly min: number
    readonly max: number
  }
  /** The other workloads that are versions of this one (`reviews-v2` beside `reviews-v1`, a canary); absent for one. */
  readonly versions?: readonly {
    readonly workload: { readonly kind: string; readonly namespace?: string; readonly name: string }
    readonly resource: ResourceRef
    readonly file?: string
    readonly line: number
    readonly version?: string
    readonly replicas?: number
    readonly containers: readonly Container[]
  }[]
  /** Id of the edge node it is placed on; of several, all of them with `, ` between. */
  readonly runsOn?: string
  readonly owner?: string
  readonly tier?: 'critical' | 'standard' | 'best-effort'
  /** The folder its program is in, and how that is known. */
  readonly source?: {
    readonly folder: string
    readonly how: Message
    readonly file?: string
    readonly line?: number
  }
  /** What its program answers to, as its source says. */
  readonly endpoints?: readonly {
    readonly method?: string
    readonly path: string
    readonly file: string
    readonly line: number
  }[]
  /**
   * What is known of the calls it makes: some were `found`; `none-found` where its source was read, or it is a store
   * or queue that answers and does not ask; `unknown` where nothing shows any and its source is not at hand. Absent
   * for what runs no program here: gateways, external systems, edge nodes.
   */
  readonly callsKnown?: 'found' | 'none-found' | 'unknown'
}

export type EvidenceKind =
  | 'env'
  | 'argument'
  | 'config'
  | 'route'
  | 'policy'
  | 'source'
  | 'metric'
  | 'declared'
  | 'probe'
  | 'init'

export type Evidence = {
  readonly kind: EvidenceKind
  readonly file?: string
  /** 1-based. */
  readonly line?: number
  /** What stands there, secrets redacted: `CART_ADDR=cart:7070`. */
  readonly detail: string
}

export type EdgeState = 'inferred' | 'observed' | 'declared' | 'confirmed' | 'rejected'
export type EdgeClass = 'app' | 'ingress' | 'load' | 'telemetry' | 'infra' | 'health' | 'backing' | 'external'

/** What was measured of the calls of an edge over a window of time. */
export type Measured = {
  /** What the rate counts. */
  readonly unit: 'requests' | 'messages' | 'connections' | 'flows'
  /** Share of calls that failed, 0 to 1; null where nothing says so. */
  readonly errors: number | null
  /** Milliseconds that 50, 95 and 99 of 100 calls took at most; null where nothing says so. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  /** The window, as Prometheus writes it: `5m`. */
  readonly window: string
  /** When it was measured, ISO 8601. */
  readonly asOf: string
}

/** "from calls to". */
export type TopologyEdge = {
  readonly from: string
  readonly to: string
  /** `http`, `grpc`, `postgresql`, `redis`, `amqp`, `tcp` …; as OpenTelemetry's semantic conventions name them. */
  readonly protocol: string
  readonly class: EdgeClass
  readonly state: EdgeState
  /** 0 to 1. */
  readonly confidence: number
  /** Requests a second; null where nothing measured it. */
  readonly rate: number | null
  /** What else was measured with the rate; absent where nothing was. */
  readonly measured?: Measured
  readonly evidence: readonly Evidence[]
}

export type FindingKind =
  | 'dangling-reference'
  | 'selector-selects-nothing'
  | 'port-mismatch'
  | 'broken-file'
  /** Something that is declared is not shown: it lies in another repository, or takes a tool that is not run here. */
  | 'left-out'
  | 'unknown-key'
  | 'duplicate-resource'
  | 'orphan'
  | 'cycle'
  | 'single-point-of-failure'
  | 'crosses-environments'
export type Finding = {
  readonly kind: FindingKind
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: Message
  readonly node?: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** The edits that put it right, where there is one right way: to be seen as a diff before they join the draft. */
  readonly fix?: readonly Edit[]
}

/** The JSON of `pilothouse topology`. Nodes and edges are sorted by id, so that two of them diff well. */
export type Topology = {
  readonly environment: string
  /** Full commit id. */
  readonly revision: string
  readonly nodes: readonly TopologyNode[]
  readonly edges: readonly TopologyEdge[]
  readonly components: readonly { readonly id: string; readonly nodes: readonly string[] }[]
  readonly findings: readonly Finding[]
}

/** An environment as found: manifests that lie in a folder, or what a tool makes of its files. */
export type Environment = {
  /** Path of its folder or values file from the workspace root, `.` for the root; else made of tool and name. */
  readonly id: string
  readonly kind: 'folder' | 'kustomize' | 'helm' | 'argo-cd' | 'flux'
  readonly path: string
  readonly files: readonly string[]
  /** How many workloads it declares. */
  readonly workloads: number
  /** What people call it: `production`. */
  readonly name?: string
  /** The cluster it is for, where something says one. */
  readonly cluster?: string
  readonly namespace?: string
  /** Applications, Flux Kustomizations and HelmReleases it is made of. */
  readonly members?: readonly string[]
  /** Rendered here without the tool that renders it where it runs, so that it may differ. */
  readonly approximate?: true
}

export type ChangeState = 'added' | 'removed' | 'changed' | 'same'
/** What differs between two topologies: only what is not the same is listed. */
export type TopologyDiff = {
  readonly nodes: readonly {
    readonly id: string
    readonly change: ChangeState
    readonly fields: readonly { readonly field: string; readonly before?: string; readonly after?: string }[]
  }[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly protocol: string
    readonly change: ChangeState
  }[]
}
