import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import WebSocket from 'ws'
import { AppError } from '../../../shared/errors.ts'
import type { Json } from '../../../shared/manifests/manifest.ts'
import type { ClusterContext } from '../../needs/cluster.ts'
import { agentFor, isLoopback } from './agent-for.ts'
import type { ContextEntry } from './kubeconfig-entries.ts'
import { type Credentials, signInWith } from './sign-in.ts'
import { type Asked, errorOfAnswer, errorOfConnection } from './translate-kubernetes-error.ts'

type Agents = { readonly plain: http.Agent; readonly lasting: http.Agent }

export type Question = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** From the server's root, encoded. */
  readonly path: string
  readonly query?: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body?: Json
  readonly contentType?: string
  readonly accept?: string
  /** Whatever is answered is an answer, but for a refusal to let us ask: a proxy hands on what is behind it. */
  readonly anyStatus?: boolean
  /** What is said of it when it fails. */
  readonly asked: Asked
}

/** The line to one API server, with the credentials of one user. Nothing is asked before the first question. */
export interface ApiLine extends AsyncDisposable {
  readonly context: ClusterContext
  /** The text of the answer, unpacked. Rejects an `AppError` for what is no 2xx. */
  text(question: Question, signal: AbortSignal): Promise<string>
  json(question: Question, signal: AbortSignal): Promise<Json>
  /** The answer as it comes; it lasts until it ends or the signal fires. */
  open(question: Question, signal: AbortSignal): Promise<http.IncomingMessage>
  socket(question: Question, protocols: readonly string[], signal: AbortSignal): Promise<WebSocket>
}

/** Milliseconds to a connection, and of silence in an answer: an API server itself ends its requests after a minute. */
const patience = { connect: 10_000, silence: 65_000 }
/** How often a question is put again that the server was too busy for, and the longest wait it may ask for, in seconds. */
const busy = { tries: 4, longest: 15 }

const unpack = promisify(gunzip)

export function openLine(entry: ContextEntry): ApiLine {
  const { cluster, context } = entry
  const signIn = signInWith(entry)
  const base = new URL(`${cluster.server}/`)
  const closing = new AbortController()
  let agents: { readonly identity: string; readonly made: Promise<Agents> } | null = null

  /**
   * Connections for questions, and for what lasts: a watch never waits for a list, nor the other way about. They are
   * made once, and anew where the certificate is another.
   */
  async function agentsFor(credentials: Credentials): Promise<Agents> {
    const identity = `${String(credentials.cert ?? '')}${String(credentials.key ?? '')}`
    const before = agents
    if (before?.identity === identity) return await before.made
    const make = async (): Promise<Agents> => ({
      plain: await agentFor(entry, credentials, { maxSockets: 8 }),
      lasting: await agentFor(entry, credentials, {}),
    })
    const now = { identity, made: make() }
    agents = now
    now.made.catch(() => {
      // What could not be read may be there the next time.
      if (agents === now) agents = null
    })
    before?.made.then(
      ({ plain }) => plain.destroy(),
      () => {},
    )
    return await now.made
  }

  async function send(
    question: Question,
    lasting: boolean,
    signal: AbortSignal,
    again = false,
  ): Promise<http.IncomingMessage> {
    const credentials = await signIn.current(signal)
    const used = await agentsFor(credentials)
    const body = question.body === undefined ? undefined : Buffer.from(JSON.stringify(question.body))
    let request: http.ClientRequest | undefined
    try {
      return await new Promise<http.IncomingMessage>((resolve, reject) => {
        const options: https.RequestOptions = {
          method: question.method,
          agent: lasting ? used.lasting : used.plain,
          signal,
          ...(cluster.serverName !== undefined && { servername: cluster.serverName }),
          headers: {
            accept: question.accept ?? 'application/json',
            'user-agent': 'pilothouse',
            ...(!lasting && worthPacking(entry) && { 'accept-encoding': 'gzip' }),
            ...(body && {
              'content-type': question.contentType ?? 'application/json',
              'content-length': String(body.length),
            }),
            ...mutable(credentials.headers),
          },
        }
        request = (base.protocol === 'https:' ? https : http).request(urlOf(base, question), options)
        request.once('error', reject)
        request.once('response', resolve)
        limitWaiting(request, lasting)
        request.end(body)
      })
    } catch (error) {
      // The server had closed a connection that was kept: nothing of the question was read there.
      if (!again && !signal.aborted && request?.reusedSocket && question.method !== 'POST')
        return await send(question, lasting, signal, true)
      throw errorOfConnection(error, context, signal)
    }
  }

  /** Signs in anew once when that may help, and waits when the server asks for it. */
  async function answered(question: Question, lasting: boolean, outer: AbortSignal): Promise<http.IncomingMessage> {
    const signal = AbortSignal.any([outer, closing.signal])
    for (let renewed = false, tries = 1; ; ) {
      const response = await send(question, lasting, signal)
      const status = response.statusCode ?? 0
      if (status < 300) return response
      if (status === 401 && !renewed && signIn.renew()) {
        renewed = true
        response.resume()
        continue
      }
      const wait = Number(response.headers['retry-after'])
      if (status === 429 && tries < busy.tries && wait <= busy.longest) {
        tries += 1
        response.resume()
        await pause(wait * 1000 * (1 + Math.random() / 4), signal)
        continue
      }
      if (!question.anyStatus) throw errorOfAnswer(status, await textOf(response), question.asked, context, wait)
      if (status !== 403 || !(response.headers['content-type'] ?? '').includes('json')) return response
      const said = await textOf(response)
      throw errorOfAnswer(status, said, question.asked, context, wait)
    }
  }

  async function textOf(response: http.IncomingMessage): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
    const whole = Buffer.concat(chunks)
    return (response.headers['content-encoding'] === 'gzip' ? await unpack(whole) : whole).toString('utf8')
  }

  async function text(question: Question, signal: AbortSignal): Promise<string> {
    const response = await answered(question, false, signal)
    try {
      return await textOf(response)
    } catch (error) {
      throw errorOfConnection(error, context, signal)
    }
  }

  return {
    context,
    text,
    json: async (question, signal) => parseAnswer(await text(question, signal), context),
    open: (question, signal) => answered(question, true, signal),
    async socket(question, protocols, outer) {
      const signal = AbortSignal.any([outer, closing.signal])
      for (let renewed = false; ; renewed = true) {
        const credentials = await signIn.current(signal)
        const { lasting } = await agentsFor(credentials)
        const url = urlOf(base, question)
        url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
        const socket = new WebSocket(url, [...protocols], {
          agent: lasting,
          handshakeTimeout: patience.connect * 3,
          perMessageDeflate: false,
          headers: mutable(credentials.headers),
          ...(cluster.serverName !== undefined && { servername: cluster.serverName }),
        })
        const abort = (): void => socket.terminate()
        signal.addEventListener('abort', abort)
        socket.once('close', () => signal.removeEventListener('abort', abort))
        const refused = await new Promise<http.IncomingMessage | null>((resolve, reject) => {
          socket.once('open', () => resolve(null))
          socket.once('unexpected-response', (_request, response) => resolve(response))
          socket.once('error', reject)
          if (signal.aborted) abort()
        }).catch((error: unknown) => {
          throw errorOfConnection(error, context, signal)
        })
        if (!refused) return socket
        const status = refused.statusCode ?? 0
        const said = await textOf(refused)
        socket.on('error', () => socket.terminate())
        socket.terminate()
        if (status === 401 && !renewed && signIn.renew()) continue
        throw errorOfAnswer(status, said, question.asked, context, Number.NaN)
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      const made = await agents?.made.catch(() => null)
      made?.plain.destroy()
      made?.lasting.destroy()
    },
  }
}

/** The JSON of an answer; what is none comes from something that is no API server. */
export function parseAnswer(text: string, { name: context, server }: ClusterContext): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new AppError('unreachable', 'cluster.notKubernetes', { context, server })
  }
}

const mutable = (headers: Credentials['headers']): { [name: string]: string | string[] } =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  )

/** On this machine packing costs more than it saves. */
const worthPacking = ({ cluster }: ContextEntry): boolean =>
  cluster.compress && !isLoopback(new URL(cluster.server).hostname)

function urlOf(base: URL, { path, query = {} }: Question): URL {
  const url = new URL(`${base.pathname.replace(/\/+$/, '')}${path}`, base)
  for (const [name, value] of Object.entries(query))
    for (const each of value === undefined ? [] : typeof value === 'string' ? [value] : value)
      url.searchParams.append(name, each)
  return url
}

function limitWaiting(request: http.ClientRequest, lasting: boolean): void {
  const late = (error: string) => () => request.destroy(Object.assign(new Error(error), { code: 'ETIMEDOUT' }))
  const connecting = setTimeout(late('no connection'), patience.connect)
  const connected = (): void => clearTimeout(connecting)
  request.once('close', connected)
  request.once('response', connected)
  request.once('socket', socket => {
    if (!socket.connecting) connected()
    else socket.once(socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect', connected)
    // A dead line is found out even where nothing is said.
    socket.setKeepAlive(true, 20_000)
  })
  request.setTimeout(patience.silence, late('no answer'))
  if (lasting) request.once('response', () => request.setTimeout(0))
}

/** Milliseconds, cut short by the signal. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
