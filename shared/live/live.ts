import type { HealthStatus } from '../health/health.ts'
import type { Message } from '../messages/index.ts'

export type Owner = { readonly kind: string; readonly name: string }
/** An image as it was asked for, and what that was when it was pulled: `sha256:…`, null where nothing says so. */
export type RunningImage = { readonly container: string; readonly image: string; readonly digest: string | null }

/** A Pod as it is listed. */
export type LivePod = {
  /** `namespace/name`. */
  readonly key: string
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** The machine it was placed on; empty where it was not. */
  readonly machine: string
  readonly phase: string
  readonly ready: boolean
  /** It ended well, or was asked to go: nobody waits for it. */
  readonly over: boolean
  readonly containers: readonly { readonly name: string; readonly ready: boolean; readonly init: boolean }[]
  readonly restarts: number
  /** When a container last ended, ISO 8601; null where none did. */
  readonly restartedAt: string | null
  readonly createdAt: string
  readonly images: readonly RunningImage[]
  readonly health: HealthStatus
  /** Why it is not ready, in one sentence; null where it is. */
  readonly why: Message | null
  /** 0 to 100: how much it needs somebody. */
  readonly rank: number
}

/** The Pods that one template made: a ReplicaSet, or what a StatefulSet calls a revision. */
export type LiveVersion = {
  /** Name of the ReplicaSet or revision; empty where the Pods do not say. */
  readonly name: string
  readonly images: readonly RunningImage[]
  readonly pods: number
  readonly ready: number
}

export type LiveAutoscaler = {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly current: number
  readonly desired: number
  /** Why it cannot do its work, in the controller's words; null where it can. */
  readonly problem: string | null
}

/** A workload and what runs of it. */
export type LiveWorkload = {
  /** `Kind namespace/name`. */
  readonly key: string
  readonly kind: string
  readonly group: string
  readonly namespace: string
  readonly name: string
  /** Null where it says no number (a CronJob), or the object itself may not be read. */
  readonly desired: number | null
  readonly ready: number
  readonly pods: number
  readonly restarts: number
  readonly health: HealthStatus
  /** In the words of its controller. */
  readonly message: string
  /** The worst that is known of it or its Pods; null where all is well. */
  readonly why: Message | null
  readonly rank: number
  readonly versions: readonly LiveVersion[]
  readonly autoscaler: LiveAutoscaler | null
  /** A Canary or a GitOps object that speaks of it: `Canary/checkout`. */
  readonly ledBy: readonly LiveLeader[]
}

/** An object that decides about others: a Canary, an Application, a Kustomization, a HelmRelease. */
export type LiveLeader = {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly health: HealthStatus
  readonly message: string
}

/** What a node of the topology is in the cluster. */
export type LiveNode = {
  readonly id: string
  /** `missing`: declared, and not there. */
  readonly state: 'there' | 'missing'
  /** Keys of its workloads. */
  readonly workloads: readonly string[]
  readonly desired: number | null
  readonly ready: number
  readonly pods: number
  readonly restarts: number
  readonly health: HealthStatus
  readonly why: Message | null
  readonly rank: number
  readonly versions: readonly LiveVersion[]
  readonly autoscaler: LiveAutoscaler | null
  readonly ledBy: readonly LiveLeader[]
  /** Addresses behind its Services that take calls, of all; null where it has no Service or nothing says so. */
  readonly endpoints: { readonly ready: number; readonly all: number } | null
}
