import { type Message, type MessageKey, type MessageParams, translate } from './messages/index.ts'

export type ErrorCode =
  | 'invalid-input'
  | 'not-found'
  | 'conflict'
  | 'refused-by-rule'
  | 'unsupported'
  | 'unauthorized'
  | 'forbidden'
  | 'unreachable'
  | 'connection-lost'
  | 'cancelled'
  | 'unexpected'

/** What crosses the wire: the catalogue key, so that the page says it in its own language, and the English text for logs. */
export type ErrorData = { readonly code: ErrorCode; readonly message: string } & Message

/**
 * A failure that a person can be told about: what happened and what to do, from the message catalogue.
 * Everything else that is thrown is a bug.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly key: MessageKey
  readonly params: MessageParams

  constructor(code: ErrorCode, key: MessageKey, params: MessageParams = {}, options: { cause?: unknown } = {}) {
    super(translate('en', { key, params }), options)
    this.name = 'AppError'
    this.code = code
    this.key = key
    this.params = params
  }
}

/** True for our own cancellation and for the platform's AbortError. A cancellation is never shown to anybody. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof AppError ? error.code === 'cancelled' : error instanceof Error && error.name === 'AbortError'

/** Plain data for the wire. The text of a bug stays in the core's log and never crosses. */
export function toErrorData(error: unknown): ErrorData {
  if (isCancelled(error)) return { code: 'cancelled', key: 'error.cancelled', message: 'Cancelled' }
  if (error instanceof AppError)
    return { code: error.code, key: error.key, params: error.params, message: error.message }
  return { code: 'unexpected', key: 'error.unexpected', message: translate('en', { key: 'error.unexpected' }) }
}

export const fromErrorData = (data: ErrorData): AppError => new AppError(data.code, data.key, data.params)

/** Ends a switch over a union, so that the compiler names the case that was forgotten. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`)
}
