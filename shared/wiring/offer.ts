import type { Edit } from '../edits/edit.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Message } from '../messages/index.ts'

/** One part of a change of the wiring that a person may take or leave. */
export type Offer = {
  /** Names it within its plan. */
  readonly id: string
  readonly part: 'variable' | 'argument' | 'config' | 'route' | 'policy' | 'verdict'
  readonly edits: readonly Edit[]
  readonly what: Message
  /** Why in this form, and what else it touches. */
  readonly notes: readonly Message[]
  readonly file?: string
  readonly line?: number
  /** Taken unless the person says otherwise. */
  readonly chosen: boolean
  /** A new variable may be named and written otherwise before it is taken. */
  readonly variable?: {
    readonly resource: ResourceRef
    readonly container: string
    readonly name: string
    readonly value: string
  }
}

/** Evidence that no edit here reaches: a person has to look at it. */
export type Beyond = {
  readonly what: Message
  readonly file?: string
  readonly line?: number
}

/** What a change of the wiring takes. Nothing of it is done until its edits join the draft. */
export type WiringPlan = {
  readonly offers: readonly Offer[]
  readonly beyond: readonly Beyond[]
  readonly notes: readonly Message[]
}
