import type { JsonObject } from '../../../shared/manifests/manifest.ts'
import type { Kind } from './kinds.ts'

const reasons: { readonly [code: number]: string } = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
}

/** A refusal in the words of an API server: it becomes a `Status` on the wire. */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: JsonObject | undefined

  constructor(code: number, message: string, details?: JsonObject, reason?: string) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.reason = reason ?? reasons[code] ?? 'Unknown'
    this.details = details
  }

  /** The `Status` object of `meta/v1`. */
  get status(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.code,
    }
  }
}

/** `deployments.apps`, as an API server names a resource in its sentences. */
export const qualified = ({ resource, group }: Pick<Kind, 'resource' | 'group'>): string =>
  group === '' ? resource : `${resource}.${group}`

export const notFound = (kind: Kind, name: string): ApiError =>
  new ApiError(404, `${qualified(kind)} "${name}" not found`, { name, group: kind.group, kind: kind.resource })

/** `causes`: field and what is wrong with it. */
export function invalid(kind: Kind, name: string, causes: readonly { field: string; message: string }[]): ApiError {
  const said = causes.map(({ field, message }) => `${field}: ${message}`)
  const list = said.length === 1 ? said[0] : `[${said.join(', ')}]`
  const title = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  return new ApiError(422, `${title} "${name}" is invalid: ${list}`, {
    name,
    group: kind.group,
    kind: kind.kind,
    causes: causes.map(({ field, message }) => ({ reason: 'FieldValueInvalid', message, field })),
  })
}

export const expired = (message: string): ApiError => new ApiError(410, message)
