import { AppError, isCancelled } from '../../../shared/errors.ts'
import { type Json, listAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { ClusterContext } from '../../needs/cluster.ts'

/** What was asked of a server, as its access control names it. */
export type Asked = {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** Of an object whose values are secret: what the server says of it is told without them. */
  readonly secret?: boolean
}

/** `deployments.apps/scale`, as kubectl writes it. */
export const rightOf = ({ group, resource, subresource }: Asked): string =>
  `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`

const named = (asked: Asked): string =>
  `${rightOf(asked)}${asked.name === undefined ? '' : ` ${asked.namespace === undefined ? '' : `${asked.namespace}/`}${asked.name}`}`

/** A refusal of an API server, which explains itself in a `Status`. */
export function errorOfAnswer(
  status: number,
  text: string,
  asked: Asked,
  { name: context, user }: ClusterContext,
  retryAfter: number,
): AppError {
  const body = parsed(text)
  const isStatus = textAt(body, 'kind') === 'Status'
  const said = isStatus ? words(textAt(body, 'message') ?? '', asked) : ''
  const what = named(asked)
  if (status === 401) return new AppError('unauthorized', 'cluster.unauthorized', { context, user })
  if (status === 403) return forbidden(said, asked, context)
  const lost = isStatus ? nodeTrouble(status, said, asked) : null
  if (lost) return lost
  if (status === 404 || status === 405)
    return new AppError('not-found', isStatus && asked.name !== undefined ? 'cluster.notFound' : 'cluster.notServed', {
      context,
      what,
    })
  if (status === 409) return conflict(body, said, what)
  if (status === 410) return new AppError('unreachable', 'cluster.historyGone', { context })
  if (status === 429)
    return new AppError('unreachable', 'cluster.busy', { context, seconds: Number.isNaN(retryAfter) ? 1 : retryAfter })
  if (status === 400 || status === 413 || status === 415 || status === 422)
    return new AppError('invalid-input', 'cluster.refused', { what, reason: said || `HTTP ${status}` })
  return new AppError('unreachable', 'cluster.answered', { context, status, reason: said })
}

/**
 * Into a Pod every way leads through its node. Where there is none, or it does not answer, the server says so with
 * codes that would mean something else of the Pod itself.
 */
function nodeTrouble(status: number, said: string, { resource, subresource, namespace, name }: Asked): AppError | null {
  if (resource !== 'pods' || !/^(log|exec|attach|portforward)$/.test(subresource ?? '')) return null
  const pod = `${namespace ?? ''}/${name ?? ''}`
  if (status === 400 && /does not have a host assigned/.test(said))
    return new AppError('unreachable', 'cluster.podUnplaced', { pod })
  if (status >= 500 && /error dialing backend|\bdial (tcp|unix)\b|\/containerLogs\/|No agent available/.test(said))
    return new AppError('unreachable', 'cluster.nodeSilent', { pod, reason: said })
  return null
}

function forbidden(said: string, asked: Asked, context: string): AppError {
  const right = rightOf(asked)
  const { verb, namespace = '' } = asked
  // Admission refuses with 403 too, and in words of its own.
  if (said !== '' && /admission|denied the request|exceeded quota|because it is being terminated/i.test(said))
    return new AppError('refused-by-rule', 'cluster.denied', { what: named(asked), reason: said })
  return new AppError('forbidden', namespace === '' ? 'cluster.forbiddenEverywhere' : 'cluster.forbidden', {
    verb,
    resource: right,
    namespace,
    context,
  })
}

/** Server-side apply names each field that somebody else holds, and its holder. */
function conflict(body: Json | undefined, said: string, what: string): AppError {
  if (textAt(body, 'reason') === 'AlreadyExists') return new AppError('conflict', 'cluster.alreadyThere', { what })
  const fields = listAt(body, 'details', 'causes')
    .filter(cause => textAt(cause, 'reason') === 'FieldManagerConflict')
    .map(cause => {
      const manager = /conflict with "([^"]*)"/.exec(textAt(cause, 'message') ?? '')?.[1] ?? '?'
      return `${textAt(cause, 'field') ?? ''} (${manager})`
    })
  return fields.length > 0
    ? new AppError('conflict', 'cluster.fieldsHeld', { what, fields: fields.join(', ') })
    : new AppError('conflict', 'cluster.conflict', { what, reason: said })
}

/** What a server says may repeat what it was sent: of a secret only the fields are told. */
function words(message: string, { secret }: Asked): string {
  const text = message.length > 600 ? `${message.slice(0, 600)}…` : message
  return secret ? text.replaceAll(/(Invalid value|Unsupported value): ("(\\.|[^"\\])*"|[^:,\]]+)/g, '$1') : text
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const certificateCodes = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH)/
const certificateRefused = /^ERR_SSL_(TLSV1|TLSV13|SSLV3)_ALERT_.*CERTIFICATE/

/** Nothing came back: most often the way there is closed. */
const silences = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** A connection that came to nothing. What is no failure of a connection is left as it is: a bug. */
export function errorOfConnection(
  error: unknown,
  { name: context, server, user }: ClusterContext,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return new AppError('cancelled', 'error.cancelled', {}, { cause: error })
  if (error instanceof AppError || isCancelled(error) || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === '' && !/aborted|socket|hang up|TLS|premature/i.test(error.message)) return error
  const cause = { cause: error }
  if (certificateRefused.test(code))
    return new AppError('unauthorized', 'cluster.unauthorized', { context, user }, cause)
  if (certificateCodes.test(code))
    return new AppError('unreachable', 'cluster.certificate', { context, server, reason: code }, cause)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new AppError('unreachable', 'cluster.hostNotFound', { context, server }, cause)
  const key =
    code === 'ECONNREFUSED' ? 'cluster.nobodyListens' : silences.has(code) ? 'cluster.noAnswer' : 'cluster.unreachable'
  return new AppError('unreachable', key, { context, server, reason: code || error.message }, cause)
}
