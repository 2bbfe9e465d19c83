import type { Right } from '../clusters/contract.ts'
import type { Maker } from '../compare/contract.ts'
import type { Message } from '../messages/index.ts'

/** Whose a field is that Git does not decide; said beside it and not counted as drift. */
export const holders = [
  /** A HorizontalPodAutoscaler, KEDA. */
  'autoscaler',
  /** The controller of a progressive delivery: weights, selectors, the replicas of its target. */
  'rollout',
  /** A sidecar or volume that a webhook puts into Pods. */
  'injected',
  /** A CA bundle that something fills in. */
  'certificates',
  /** `kubectl rollout restart`. */
  'restart',
  /** A default or a webhook, when the object was accepted. */
  'admission',
  /** Any other controller, by its own name. */
  'controller',
] as const
export type Holder = (typeof holders)[number]

/** Who set what is live, as the API server keeps it in `managedFields`. */
export type FieldAuthor = {
  readonly manager: string
  /** ISO 8601; null where the server keeps no time. */
  readonly since: string | null
  /** A person's tool (kubectl, a dashboard), what delivers from Git, or a controller. */
  readonly sort: 'person' | 'delivery' | 'controller'
}

export type FieldDrift = {
  /** `spec.template.spec.containers[web].image` */
  readonly field: string
  /** `changed`: both say something; `missing`: Git says it and it is not live; `extra`: it is live and not in Git. */
  readonly state: 'changed' | 'missing' | 'extra'
  /** In few words, without credentials; null where it is not there. */
  readonly desired: string | null
  readonly live: string | null
  /** A credential: that it differs is said, and nothing else. */
  readonly hidden?: true
  readonly by: FieldAuthor | null
  readonly holder?: Holder
  /** Where Git says it, or where its nearest parent stands; absent for what no file declares. */
  readonly file?: string
  readonly line?: number
  /** The commit that wrote that line. */
  readonly change?: Maker
}

export type ObjectDrift = {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** Empty for an object of no namespace. */
  readonly namespace: string
  readonly name: string
  /**
   * `missing`: in Git and not in the cluster. `extra`: Pilothouse brought it once, and Git has it no more. `unknown`: it
   * could not be looked at, and `problem` says why.
   */
  readonly state: 'same' | 'changed' | 'missing' | 'extra' | 'unknown'
  readonly fields: readonly FieldDrift[]
  /** What is different because others hold it. */
  readonly others: readonly FieldDrift[]
  /** Whether the API server itself said what applying would change, or it was worked out here. */
  readonly told: 'server' | 'local'
  readonly problem: Message | null
  /** Of the rights that putting it back takes, those this person has not; absent where none is. */
  readonly missing?: readonly Right[]
  readonly file?: string
  readonly line?: number
  readonly change?: Maker
}

export type DriftView = {
  readonly environment: string
  readonly context: string
  readonly sandbox: boolean
  /** The commit that should be running. */
  readonly revision: string
  /** When the cluster was looked at, ISO 8601. */
  readonly asOf: string
  readonly counts: { readonly [K in ObjectDrift['state']]: number }
  /** Sorted; those that are the same are counted, and listed with nothing to say. */
  readonly objects: readonly ObjectDrift[]
  /** What to know about the answer: parts of Git that could not be rendered here. */
  readonly notes: readonly Message[]
}

export const isDrift = ({ state }: ObjectDrift): boolean =>
  state === 'changed' || state === 'missing' || state === 'extra'
