import { type Json, listAt, textAt } from '../manifests/manifest.ts'
import type { Message, MessageKey } from '../messages/index.ts'
import type { HealthAnswer, HealthQuestion } from './health-contract.ts'

/** What a server answered to `grpc.health.v1.Health/Check`. */
export type GrpcReply = {
  /** `grpc-status`: 0 is an answer, everything else says why there is none. */
  readonly code: number
  readonly message: string
  /** ServingStatus; null where there was no answer. */
  readonly serving: number | null
}

/**
 * A HealthCheckRequest as it goes over the wire: five bytes of frame, then `service` as field 1, left out when empty.
 * https://github.com/grpc/grpc-proto/blob/master/grpc/health/v1/health.proto
 */
export function encodeHealthCheck(service: string): Uint8Array {
  const name = new TextEncoder().encode(service)
  const body = name.length === 0 ? [] : [0x0a, ...varint(name.length), ...name]
  const framed = new Uint8Array(5 + body.length)
  new DataView(framed.buffer).setUint32(1, body.length)
  framed.set(body, 5)
  return framed
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}

/** The ServingStatus of a framed HealthCheckResponse; null where it is none. An empty message says UNKNOWN (0). */
export function decodeHealthReply(bytes: Uint8Array): number | null {
  if (bytes.length < 5 || bytes[0] !== 0) return null
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
  const body = bytes.subarray(5, 5 + length)
  if (body.length < length) return null
  let at = 0
  const read = (): number => {
    let value = 0
    for (let shift = 0; at < body.length; shift += 7) {
      const byte = body[at++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }
  let serving = 0
  while (at < body.length) {
    const tag = read()
    const wire = tag & 7
    if (wire === 0) {
      const value = read()
      if (tag >>> 3 === 1) serving = value
    } else if (wire === 2) {
      const skipped = read()
      at += skipped
    } else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else return null
  }
  return serving
}

type Meaning = { readonly verdict: HealthAnswer['verdict']; readonly meaningful: boolean; readonly key: MessageKey }
const servings: readonly Meaning[] = [
  { verdict: 'unknown', meaningful: true, key: 'grpc.unknown' },
  { verdict: 'up', meaningful: true, key: 'grpc.serving' },
  { verdict: 'down', meaningful: true, key: 'grpc.notServing' },
  { verdict: 'unknown', meaningful: true, key: 'grpc.serviceUnknown' },
]
/** Of `grpc-status`, where that is no plain refusal. https://grpc.io/docs/guides/status-codes/ */
const codes: { readonly [code: number]: Meaning } = {
  4: { verdict: 'down', meaningful: false, key: 'grpc.deadline' },
  5: { verdict: 'unknown', meaningful: true, key: 'grpc.serviceUnknown' },
  7: { verdict: 'unknown', meaningful: false, key: 'grpc.refused' },
  // Something speaks gRPC there, and that is all that is known.
  12: { verdict: 'unknown', meaningful: false, key: 'grpc.unimplemented' },
  14: { verdict: 'down', meaningful: false, key: 'grpc.unavailable' },
  16: { verdict: 'unknown', meaningful: false, key: 'grpc.refused' },
}
const other: Meaning = { verdict: 'unknown', meaningful: false, key: 'grpc.failed' }

/** What a reply means, in words. */
export function readGrpcReply(
  { code, message, serving }: GrpcReply,
  { words, service = '' }: Pick<HealthQuestion, 'words' | 'service'>,
): Pick<HealthAnswer, 'verdict' | 'meaningful' | 'components'> & { readonly said: Message } {
  const meaning = code === 0 && serving !== null ? (servings[serving] ?? servings[0]!) : (codes[code] ?? other)
  const params = { question: words, service, code, reason: message }
  return {
    verdict: meaning.verdict,
    meaningful: meaning.meaningful,
    components: [],
    said: { key: meaning.key, params },
  }
}

/** Where a command asks for gRPC health, as far as its words tell. */
export type GrpcTarget = { readonly port: string; readonly service: string; readonly tls: boolean }

const probeName = /(?:^|[/\s"'])grpc[_-]health[_-]probe[\w.-]*(?=$|[\s"'])/
const flag = (text: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)--?${name}(?:=|\\s+)["']?([^\\s"';&|]+)`).exec(text)?.[1]

/**
 * The port that `grpc_health_probe -addr=:9090 -service=a` asks, or `grpcurl … host:9090 grpc.health.v1.Health/Check`;
 * also within `sh -c`. Variables are those of the container that have a value of their own. Null for any other command,
 * and where the port is not known.
 */
export function grpcTargetOf(command: readonly string[], container: Json | undefined): GrpcTarget | null {
  const text = expanded(command.join(' '), container)
  if (probeName.test(text)) {
    const port = /:(\d+)$/.exec(flag(text, 'addr') ?? '')?.[1]
    return port ? { port, service: flag(text, 'service') ?? '', tls: isSet(text, 'tls') } : null
  }
  if (!/grpc\.health\.v1\.Health\/Check/.test(text)) return null
  const port = /(?:^|\s)["']?[\w.[\]-]*:(\d+)["']?\s+["']?grpc\.health\.v1\.Health\/Check/.exec(text)?.[1]
  const service = /"service"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
  return port ? { port, service, tls: !isSet(text, 'plaintext') } : null
}

const isSet = (text: string, name: string): boolean =>
  new RegExp(`(?:^|\\s)--?${name}(?:=true)?(?=$|[\\s"';&|])`).test(text)

const expanded = (text: string, container: Json | undefined): string => {
  const values = new Map(
    listAt(container, 'env').map(each => [textAt(each, 'name') ?? '', textAt(each, 'value') ?? ''] as const),
  )
  return text.replaceAll(
    /\$(?:\((\w+)\)|\{(\w+)\}|(\w+))/g,
    (whole, a?: string, b?: string, c?: string) => values.get(a ?? b ?? c ?? '') || whole,
  )
}
