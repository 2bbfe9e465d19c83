import { type Json, type JsonObject, listAt, objectAt, textAt } from '../manifests/manifest.ts'

/** Argo CD's words for how an object does, worst last but `Unknown`. */
export type HealthStatus = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown'

/**
 * How an object does and why. The message is a fact of the object, in the words its controller or Argo CD uses, and so
 * in no catalogue: people search for exactly these.
 */
export type Health = { readonly health: HealthStatus; readonly message: string }

/** An object as an API server or a file gives it, with its status. */
export type LiveObject = JsonObject

export const healthy = (message = ''): Health => ({ health: 'Healthy', message })
export const progressing = (message: string): Health => ({ health: 'Progressing', message })
export const degraded = (message: string): Health => ({ health: 'Degraded', message })
export const suspended = (message: string): Health => ({ health: 'Suspended', message })
export const unknown = (message: string): Health => ({ health: 'Unknown', message })

/** A whole number at a path, also where a controller writes it as text; `otherwise` where there is none. */
export function countAt(value: Json | undefined, path: readonly string[], otherwise: number): number {
  const text = textAt(value, ...path)
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : otherwise
}

/** One of `status.conditions`. */
export type Condition = {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  /** The generation it was said of, where it tells. */
  readonly observedGeneration?: number
}

export const conditionsOf = (object: LiveObject): readonly Condition[] =>
  readConditions(listAt(object, 'status', 'conditions'))

export const readConditions = (items: readonly Json[]): readonly Condition[] =>
  items.map(item => {
    const observedGeneration = countAt(item, ['observedGeneration'], Number.NaN)
    return {
      type: textAt(item, 'type') ?? '',
      status: statusText(textAt(item, 'status') ?? ''),
      reason: textAt(item, 'reason') ?? '',
      message: textAt(item, 'message') ?? '',
      ...(!Number.isNaN(observedGeneration) && { observedGeneration }),
    }
  })

/** `True`, `False` or `Unknown`, also where a hand or a careless controller wrote `true`. */
const statusText = (text: string): string =>
  /^(true|false|unknown)$/i.test(text) ? text[0]!.toUpperCase() + text.slice(1).toLowerCase() : text

export const groupOf = (object: LiveObject): string => {
  const version = textAt(object, 'apiVersion') ?? ''
  return version.includes('/') ? version.slice(0, version.indexOf('/')) : ''
}

export const nameOf = (object: LiveObject): string => textAt(objectAt(object, 'metadata'), 'name') ?? ''
