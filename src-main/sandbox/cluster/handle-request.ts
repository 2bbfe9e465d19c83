import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { LiveObject } from '../../../shared/health/health.ts'
import type { Json } from '../../../shared/manifests/manifest.ts'
import { listAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Attempt, User } from './access.ts'
import { type Ask, answerAbout, answerObjects } from './answer-request.ts'
import { ApiError, notFound } from './api-error.ts'
import { type FaultGate, TooManyRequests } from './faults.ts'
import type { Kind } from './kinds.ts'
import type { Pages } from './list-objects.ts'
import { isSandboxNode } from './nodes.ts'
import { answerAsPod } from './pod-answers.ts'
import { containerName, isReady, isRunning } from './pod-container.ts'
import { logLines, readLog } from './pod-log.ts'
import type { createPodStreams } from './pod-streams.ts'
import { type ResourcePath, readPath } from './read-path.ts'
import type { ClusterState } from './state.ts'
import { printAs, type Watches } from './watch-objects.ts'

/** What a request is answered with. */
export type Serving = {
  readonly state: ClusterState
  readonly pages: Pages
  readonly watches: Watches
  readonly gate: FaultGate
  readonly streams: ReturnType<typeof createPodStreams>
  /** True while the network is cut: nothing is read or said. */
  isSilent(): boolean
  userOf(request: IncomingMessage): User | null
}

const mostBody = 3 * 1024 * 1024
const mostUnread = 64 * 1024 * 1024

export async function handleRequest(serving: Serving, request: IncomingMessage, response: ServerResponse) {
  if (serving.isSilent()) return
  try {
    await answer(serving, request, response)
  } catch (error) {
    if (serving.isSilent() || response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    const known = error instanceof ApiError ? error : new ApiError(500, error instanceof Error ? error.message : '')
    if (known instanceof TooManyRequests) response.setHeader('retry-after', String(known.retryAfter))
    send(response, known.code, JSON.stringify(known.status))
  }
}

function send(response: ServerResponse, code: number, text: string, contentType = 'application/json'): void {
  response.writeHead(code, { 'content-type': contentType, 'cache-control': 'no-cache, private' })
  response.end(text)
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = serving
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://localhost')
  const place = readPath(pathname)
  const accept = request.headers.accept ?? ''
  const user = serving.userOf(request)
  const isOpen = place.kind === 'other' && /^\/(version|healthz|livez|readyz)$/.test(place.path)
  if (!user && !isOpen) throw new ApiError(401, 'Unauthorized')
  const gone = new AbortController()
  response.on('close', () => gone.abort())

  if (place.kind !== 'resource') {
    await serving.gate.pass(gone.signal)
    const about = answerAbout(state, place, accept)
    if (!about) throw new ApiError(404, 'the server could not find the requested resource')
    send(response, about.code, about.text, about.contentType)
    return
  }
  const { at } = place
  const kind = state.findResource(place.group, place.version, at.resource)
  if (!kind) throw new ApiError(404, 'the server could not find the requested resource')
  if (at.subresource !== undefined && !kind.subresources.includes(at.subresource))
    throw new ApiError(404, 'the server could not find the requested resource')
  const isWatch = at.name === undefined && request.method === 'GET' && /^(true|1)$/.test(query.get('watch') ?? '')
  const attempt = attemptOf(kind, at, request.method ?? 'GET', isWatch)
  await serving.gate.pass(gone.signal)
  if (!kind.group.startsWith('auth')) state.access.require(user!, attempt)

  if (isWatch) {
    response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' })
    response.flushHeaders()
    const end = serving.watches.start(
      kind,
      kind.namespaced ? at.namespace : undefined,
      query,
      printAs(kind, place.version),
      {
        write: line => {
          if (serving.isSilent()) return
          // Whoever does not read loses the watch, as with a real server.
          if (response.writableLength > mostUnread) response.destroy()
          else response.write(line)
        },
        end: () => response.end(),
      },
    )
    response.on('close', end)
    return
  }
  if (at.subresource === 'log') return sendLog(serving, kind, at, query, response)
  if (at.subresource === 'proxy') return sendProxied(serving, kind, at, response)

  const ask: Ask = {
    method: request.method ?? 'GET',
    query,
    accept,
    contentType: request.headers['content-type'] ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    user: user!,
    body: () => readBody(request),
  }
  const { code, text, contentType } = await answerObjects(state, serving.pages, kind, place.version, at, ask)
  if (!serving.isSilent()) send(response, code, text, contentType)
}

function attemptOf(kind: Kind, at: ResourcePath, method: string, isWatch: boolean): Attempt {
  const named = at.name !== undefined
  const verbs: { readonly [method: string]: string } = {
    GET: isWatch ? 'watch' : named ? 'get' : 'list',
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: named ? 'delete' : 'deletecollection',
  }
  return {
    verb: verbs[method] ?? method.toLowerCase(),
    group: kind.group,
    resource: kind.resource,
    subresource: at.subresource,
    namespace: kind.kind === 'Namespace' ? at.name : at.namespace,
    name: at.name?.replace(/^https?:/, '').replace(/:[^:]*$/, ''),
  }
}

async function readBody(request: IncomingMessage): Promise<Json> {
  const type = request.headers['content-type'] ?? ''
  if (type.includes('protobuf') || type.includes('cbor'))
    throw new ApiError(415, `the sandbox cluster reads JSON, not ${type}`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > mostBody)
      throw new ApiError(413, 'Request entity too large: limit is 3145728', undefined, 'RequestEntityTooLarge')
    chunks.push(chunk as Buffer)
  }
  const text = Buffer.concat(chunks).toString()
  if (text.trim() === '') return null
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new ApiError(400, `the object provided is unrecognized: ${error instanceof Error ? error.message : ''}`)
  }
}

/** A log; with `follow` as it grows, until the Pod or the reader is gone. */
function sendLog(
  serving: Serving,
  kind: Kind,
  at: ResourcePath,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const { state } = serving
  const find = () => state.store.get(kind, at.namespace ?? '', at.name ?? '')
  const pod = find()
  if (!pod) throw notFound(kind, at.name ?? '')
  if (textAt(pod, 'spec', 'nodeName') !== undefined) requireKubelet(state, pod)
  let read = state.now()
  const { container, lines, print } = readLog(pod, query, read)
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.write(lines.map(print).join(''))
  if (query.get('follow') !== 'true' || !isRunning(pod, container)) {
    response.end()
    return
  }
  const timer = setInterval(() => {
    const live = find()
    if (serving.isSilent()) return
    if (!live || !isRunning(live, container)) {
      clearInterval(timer)
      response.end()
      return
    }
    const now = state.now()
    const more = logLines(live, container, read, now)
    read = now
    if (more.length > 0) response.write(more.map(print).join(''))
  }, 100).unref()
  response.on('close', () => clearInterval(timer))
}

/** `name`, `name:port` or `scheme:name:port` of a Pod or a Service; a Service is answered by a Pod that is ready. */
function sendProxied({ state }: Serving, kind: Kind, at: ResourcePath, response: ServerResponse): void {
  const parts = (at.name ?? '').split(':')
  const name = parts.length === 3 ? parts[1]! : parts[0]!
  const object = state.store.get(kind, at.namespace ?? '', name)
  if (!object) throw notFound(kind, name)
  let pod = object
  if (kind.kind === 'Service') {
    const selector = Object.entries(objectAt(object, 'spec', 'selector'))
    const behind = state.store
      .list(state.kind('', 'Pod'), at.namespace)
      .find(
        each =>
          selector.length > 0 &&
          isReady(each) &&
          selector.every(([key, value]) => textAt(each, 'metadata', 'labels', key) === value),
      )
    if (!behind) throw new ApiError(503, `no endpoints available for service "${name}"`)
    pod = behind
  } else if (!listAt(pod, 'status', 'containerStatuses').some(each => isRunning(pod, textAt(each, 'name') ?? '')))
    throw new ApiError(503, `error trying to reach service: dial tcp: connect: connection refused`)
  const { status, contentType, body } = answerAsPod(pod, at.rest === '' ? '/' : at.rest)
  send(response, status, body, contentType)
}

/** Throws, as a real server does, where a Pod's node is none, is gone, or is no simulated one: nothing answers there. */
function requireKubelet(state: ClusterState, pod: LiveObject): void {
  const name = textAt(pod, 'metadata', 'name') ?? ''
  const node = textAt(pod, 'spec', 'nodeName')
  if (node === undefined) throw new ApiError(400, `pod ${name} does not have a host assigned`)
  const kind = state.kind('', 'Node')
  const live = state.store.get(kind, '', node)
  if (!live) throw notFound(kind, node)
  if (!isSandboxNode(live))
    throw new ApiError(500, `error dialing backend: dial tcp ${node}: connect: connection refused`)
}

/** exec, attach and port-forward. A refusal is an answer over the socket that is not upgraded. */
export async function handleUpgrade(serving: Serving, request: IncomingMessage, socket: Duplex, head: Buffer) {
  const { state } = serving
  if (serving.isSilent()) return
  socket.on('error', () => socket.destroy())
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  try {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://localhost')
    const place = readPath(pathname)
    const user = serving.userOf(request)
    if (!user) throw new ApiError(401, 'Unauthorized')
    const at = place.kind === 'resource' ? place.at : null
    const what = at?.subresource
    if (at?.resource !== 'pods' || (what !== 'exec' && what !== 'attach' && what !== 'portforward'))
      throw new ApiError(404, 'the server could not find the requested resource')
    const kind = state.kind('', 'Pod')
    await serving.gate.pass(gone.signal)
    state.access.require(user, { ...attemptOf(kind, at, 'POST', false), verb: 'create' })
    const pod = state.store.get(kind, at.namespace ?? '', at.name ?? '')
    if (!pod) throw notFound(kind, at.name ?? '')
    requireKubelet(state, pod)
    if (what !== 'portforward') {
      const container = containerName(pod, query.get('container'))
      if (!isRunning(pod, container)) throw new ApiError(500, `container not found ("${container}"): it is not running`)
    }
    serving.streams.accept(request, socket, head, pod, what, query)
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError(500, error instanceof Error ? error.message : '')
    const body = JSON.stringify(known.status)
    const lines = [
      `HTTP/1.1 ${known.code} ${known.reason}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ]
    if (known instanceof TooManyRequests) lines.push(`Retry-After: ${known.retryAfter}`)
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
  }
}
