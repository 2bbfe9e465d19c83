import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from './api-error.ts'

/** The ConfigMap by which faults are asked for; none of them keeps a person from it. */
export const faultMap = { namespace: 'sandbox', name: 'sandbox-faults' } as const

/** What can go wrong on demand. */
export type FaultSettings = {
  /** Milliseconds that every answer waits. */
  slow: number
  /** Answers 429 with this Retry-After in seconds, for as many requests; watches and lists alike. */
  tooMany: { requests: number; retryAfter: number }
  /** What nobody may, whatever RBAC says: `VERB RESOURCE` with `*` for any, such as `list pods` or `* secrets`. */
  denied: readonly string[]
  /** Answers 500 to as many requests. */
  errors: number
  /** New revisions answer with failures, whatever their image. */
  canariesFail: boolean
}

export type FaultGate = {
  readonly settings: FaultSettings
  /** Rejects with what is to go wrong with this request; waits where it is to be slow. */
  pass(signal: AbortSignal): Promise<void>
}

/** A refusal that says when to come back. */
export class TooManyRequests extends ApiError {
  readonly retryAfter: number
  constructor(retryAfter: number) {
    super(429, 'Too many requests, please try again later.', { retryAfterSeconds: retryAfter })
    this.retryAfter = retryAfter
  }
}

export function createFaultGate(): FaultGate {
  const settings: FaultSettings = {
    slow: 0,
    tooMany: { requests: 0, retryAfter: 1 },
    denied: [],
    errors: 0,
    canariesFail: false,
  }
  return {
    settings,
    async pass(signal) {
      if (settings.slow > 0) await sleep(settings.slow, undefined, { signal, ref: false })
      if (settings.tooMany.requests > 0) {
        settings.tooMany.requests--
        throw new TooManyRequests(settings.tooMany.retryAfter)
      }
      if (settings.errors > 0) {
        settings.errors--
        throw new ApiError(500, 'an error on the server ("sandbox fault") has prevented the request from succeeding')
      }
    },
  }
}
