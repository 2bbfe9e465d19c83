import * as z from 'zod/mini'
import { command, query, stream } from '../contract/define.ts'
import type { Message } from '../messages/index.ts'
import type { Finding } from '../topology/topology.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { Latency } from './latency.ts'
import type { NodePlan } from './plan.ts'
import type { Ring, Rollout } from './rollout.ts'

/** A service of the edge as the branch declares it. */
export type FleetService = {
  readonly name: string
  readonly version: string | null
  readonly file: string
  readonly line: number
  readonly nodes: readonly string[]
  /** Those of them whose changes ask for their name first. */
  readonly protectedNodes: readonly string[]
  readonly rings: readonly Ring[]
  readonly slo: { readonly p99: number | null; readonly max: number | null }
}
/** A measurement of scheduling latency as it is kept; `label` says what a person was about. */
export type KeptLatency = {
  readonly node: string
  readonly service: string | null
  /** ISO 8601. */
  readonly at: string
  readonly label: string
  readonly latency: Latency
}
export type RolloutView = Rollout & {
  /** A runner of this app or of another process moves it on now. */
  readonly running: boolean
  /** What is sent to a node: bytes of so many. */
  readonly progress: { readonly [node: string]: { readonly step: string; readonly sent: number; readonly of: number } }
  /** When the soak of the ring that waits is over; ISO 8601. */
  readonly soakUntil: string | null
}
export type FleetView = {
  readonly sandbox: boolean
  readonly services: readonly FleetService[]
  /** Newest first. */
  readonly rollouts: readonly RolloutView[]
  /** Newest first. */
  readonly latencies: readonly KeptLatency[]
  readonly findings: readonly Finding[]
}
/** What is left to do at the edge of a workspace. */
export type Underway = {
  readonly rollouts: readonly {
    readonly rollout: string
    readonly service: string
    readonly paused: boolean
    readonly done: number
    readonly count: number
  }[]
  /** Nodes that could not be reached, and are applied when they next appear. */
  readonly away: readonly string[]
}
/** Hosts of the person's own SSH configuration, by the alias that leads to each. */
export type SshHosts = {
  readonly file: string
  readonly hosts: readonly {
    readonly host: string
    readonly address: string | null
    readonly user: string | null
    readonly port: number | null
  }[]
}
export type PlanView = {
  readonly revision: string
  /** ISO 8601. */
  readonly asOf: string
  readonly plans: readonly NodePlan[]
  /** Nodes that could not be asked, and services whose artifact is not there. */
  readonly unknown: readonly {
    readonly node: string | null
    readonly service: string | null
    readonly reason: Message
  }[]
  /** What lies on nodes and is declared there no more. */
  readonly undeclared: readonly { readonly node: string; readonly services: readonly string[] }[]
}

const name = z.string().check(z.minLength(1), z.maxLength(253))
const scope = { ...inWorkspace, service: z.optional(name), nodes: z.optional(z.array(name)) }
const ofRollout = z.object({ ...inWorkspace, rollout: z.string() })

export const fleet = {
  view: stream(z.object(inWorkspace)).of<FleetView>(),
  /**
   * What is left to do. Whoever listens has it go on: rollouts that were under way when the app was closed, and nodes
   * that could not be reached.
   */
  underway: stream(z.object(inWorkspace)).of<Underway>(),
  /** What could become EdgeNodes: the hosts this person reaches by `ssh`. */
  sshHosts: query(z.object({})).returns<SshHosts>(),
  /** Desired against actual, asked of the nodes now; nothing is changed. */
  plan: query(z.object(scope)).returns<PlanView>(),
  /**
   * Begins a rollout of each service as the branch declares it; one that is under way for the same declaration goes on.
   * `confirm` holds the names of protected nodes that may be changed. Answers with the rollouts, which go on by themselves.
   */
  apply: command(z.object({ ...scope, confirm: z.optional(z.array(name)) })).returns<{ rollouts: readonly string[] }>(),
  /** Begins no further node until it is told to go on. */
  pause: command(ofRollout).returns<void>(),
  resume: command(ofRollout).returns<void>(),
  /** Tries the nodes again that failed or could not be reached. */
  retry: command(ofRollout).returns<void>(),
  measure: command(
    z.object({
      ...inWorkspace,
      node: name,
      service: z.optional(name),
      label: z.optional(z.string().check(z.maxLength(200))),
      seconds: z.number().check(z.minimum(1), z.maximum(60)),
      priority: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(99))),
      cpus: z.optional(z.string().check(z.regex(/^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/))),
      load: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(64))),
    }),
  ).returns<KeptLatency>(),
}
