import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError, isCancelled } from '../../../../shared/errors.ts'
import type { Configuration } from '../config/configuration.ts'
import {
  type Credential,
  type CredentialNeeds,
  type FoundCredential,
  findCredentials,
  keepFromAddress,
} from './credentials.ts'
import { type HttpSettings, readHttpSettings } from './http-settings.ts'
import { forPeople, PacketReader } from './packet-lines.ts'
import type { RemoteAddress } from './remote-address.ts'
import type { GitService, ServiceName } from './service.ts'

type HttpAddress = Extract<RemoteAddress, { kind: 'http' }>

export type HttpNeeds = CredentialNeeds & {
  /** Credentials that worked, by origin and user: not looked up again while the app runs. */
  readonly accepted: Map<string, Credential>
}

const mostRedirects = 5
/** Milliseconds without a byte. A server may think long over a large repository, but not this long. */
const silence = 120_000

/** The remote knows who we are and does not let us. */
export class Forbidden extends AppError {
  readonly words: string
  constructor(host: string, status: number, words: string) {
    super('unauthorized', 'transport.httpForbidden', { host, status })
    this.words = words
  }
}

/**
 * Git's "smart" protocol over http(s). Redirects are followed for the first request alone, as git does, and
 * credentials and extra headers stay with the host they were meant for.
 */
export async function openHttpService(
  address: HttpAddress,
  service: ServiceName,
  configuration: Configuration | null,
  directory: string,
  needs: HttpNeeds,
  signal: AbortSignal,
): Promise<GitService> {
  let base = address.url
  let given: { username: string | null; password: string | null } = address
  let settings = readHttpSettings(configuration, base, given.username)
  let agent = makeAgent(base, settings, needs.env)
  let headers = settings.extraHeaders
  let credential = needs.accepted.get(keyOf(base, given)) ?? inAddress(given)

  const call = async (
    method: 'GET' | 'POST',
    url: URL,
    extra: http.OutgoingHttpHeaders,
    body?: AsyncIterable<Uint8Array>,
  ) => request(agent, method, url, settings, headers, credential, extra, signal, body)

  let greeting: http.IncomingMessage | null = null
  try {
    let candidates: AsyncGenerator<FoundCredential> | null = null
    let tried: FoundCredential | null = null
    async function* search() {
      yield* findCredentials(base, given, directory, needs, signal)
    }
    for (let redirects = 0; !greeting; ) {
      const url = new URL(`${base.href.replace(/\/$/, '')}/info/refs`)
      url.search = `service=${service}`
      const response = await call('GET', url, { accept: '*/*', pragma: 'no-cache' })
      const status = response.statusCode ?? 0
      if (status >= 300 && status < 400 && response.headers.location !== undefined) {
        response.resume()
        if (++redirects > mostRedirects)
          throw new AppError('unreachable', 'transport.httpTooManyRedirects', { host: base.host })
        const next = redirected(url, response.headers.location)
        if (next.origin !== base.origin) {
          // Another host is a stranger.
          given = { username: null, password: null }
          credential = needs.accepted.get(keyOf(next, given)) ?? null
          candidates = null
          tried = null
          settings = { ...readHttpSettings(configuration, next, null), extraHeaders: [] }
          headers = settings.extraHeaders
          agent.destroy()
          agent = makeAgent(next, settings, needs.env)
        }
        base = next
        continue
      }
      if (status === 401) {
        response.resume()
        needs.accepted.delete(keyOf(base, given))
        await tried?.refused()
        candidates ??= search()
        tried = await nextCredential(candidates)
        // No use in asking twice with the same.
        while (tried && sameCredential(tried, credential)) tried = await nextCredential(candidates)
        if (!tried)
          throw new AppError('unauthorized', credential ? 'transport.httpDenied' : 'transport.httpNoCredentials', {
            host: base.host,
          })
        credential = { username: tried.username, password: tried.password }
        continue
      }
      if (status === 403) throw new Forbidden(base.host, status, await wordsOf(response))
      if (status === 404 || status === 410) {
        response.resume()
        throw new AppError('not-found', 'transport.httpNotFound', { url: address.shown })
      }
      if (status !== 200) {
        response.resume()
        throw new AppError('unreachable', 'transport.httpStatus', {
          host: base.host,
          status,
          reason: response.statusMessage ?? '',
        })
      }
      if (response.headers['content-type'] !== `application/x-${service}-advertisement`) {
        response.destroy()
        throw new AppError('unsupported', 'transport.httpNotGit', { host: base.host })
      }
      if (credential) needs.accepted.set(keyOf(base, given), credential)
      if (tried) await tried.accepted()
      else if (credential && given.password !== null) await keepFromAddress(base, credential, directory, needs, signal)
      greeting = response
    }
  } catch (error) {
    agent.destroy()
    throw translateHttpError(error, base.host, signal)
  }

  const host = base.host
  const reader = (response: http.IncomingMessage) => new PacketReader(bytesOf(response, host, signal))
  return {
    host,
    stateless: true,
    greeting: reader(greeting),
    async request(body) {
      const url = new URL(`${base.href.replace(/\/$/, '')}/${service}`)
      const type = `application/x-${service}`
      try {
        const response = await call('POST', url, { accept: `${type}-result`, 'content-type': `${type}-request` }, body)
        const status = response.statusCode ?? 0
        if (status === 401) {
          needs.accepted.delete(keyOf(base, given))
          throw new AppError('unauthorized', 'transport.httpDenied', { host })
        }
        if (status === 403) throw new Forbidden(host, status, await wordsOf(response))
        if (status !== 200)
          throw new AppError('unreachable', 'transport.httpStatus', {
            host,
            status,
            reason: response.statusMessage ?? '',
          })
        if (response.headers['content-type'] !== `${type}-result`)
          throw new AppError('unsupported', 'transport.httpNotGit', { host })
        return reader(response)
      } catch (error) {
        throw translateHttpError(error, host, signal)
      }
    },
    complaint: () => '',
    ended: async () => {},
    [Symbol.asyncDispose]: async () => agent.destroy(),
  }
}

async function nextCredential(candidates: AsyncGenerator<FoundCredential>): Promise<FoundCredential | null> {
  const { done, value } = await candidates.next()
  return done ? null : value
}

const inAddress = ({ username, password }: { username: string | null; password: string | null }): Credential | null =>
  username !== null && password !== null ? { username, password } : null

const sameCredential = (a: Credential, b: Credential | null) => a.username === b?.username && a.password === b.password

const keyOf = (url: URL, given: { username: string | null }) => `${given.username ?? ''}@${url.origin}`

/** Where a redirect of `…/info/refs` leads, as the address of a repository. Never from https to http. */
function redirected(from: URL, location: string): URL {
  const refused = () => new AppError('unsupported', 'transport.httpNotGit', { host: from.host })
  const to = URL.parse(location, from.href)
  if (!to || (to.protocol !== 'https:' && to.protocol !== 'http:')) throw refused()
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refused()
  if (!to.pathname.endsWith('/info/refs')) throw refused()
  to.pathname = to.pathname.slice(0, -'/info/refs'.length)
  to.search = ''
  to.hash = ''
  to.username = ''
  to.password = ''
  return to
}

function makeAgent(url: URL, settings: HttpSettings, env: Readonly<Record<string, string | undefined>>): http.Agent {
  const proxy = settings.proxy
  const fromEnv = (name: string) => env[name] ?? env[name.toUpperCase()]
  // Git's own setting wins, and an empty one means: none. The exceptions are always the environment's.
  const proxyEnv =
    proxy === ''
      ? {}
      : {
          HTTP_PROXY: proxy ?? env['http_proxy'] ?? fromEnv('all_proxy'),
          HTTPS_PROXY: proxy ?? fromEnv('https_proxy') ?? fromEnv('all_proxy'),
          NO_PROXY: fromEnv('no_proxy'),
        }
  const options = { keepAlive: true, timeout: silence, proxyEnv: withScheme(proxyEnv) }
  return url.protocol === 'https:'
    ? new https.Agent({
        ...options,
        rejectUnauthorized: settings.verify,
        ...(settings.authorities && { ca: [...settings.authorities] }),
        ...(settings.certificate !== null && { cert: settings.certificate }),
        ...(settings.key !== null && { key: settings.key }),
      })
    : new http.Agent(options)
}

const withScheme = (proxies: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(proxies)
      .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
      // curl takes `proxy:8080` for an http proxy.
      .map(([name, value]) => [name, name === 'NO_PROXY' || value.includes('://') ? value : `http://${value}`]),
  )

/** Sends one request; resolves with the head of the answer. A small body goes with its length, a large one in chunks. */
async function request(
  agent: http.Agent,
  method: 'GET' | 'POST',
  url: URL,
  settings: HttpSettings,
  extraHeaders: readonly string[],
  credential: Credential | null,
  headers: http.OutgoingHttpHeaders,
  signal: AbortSignal,
  body?: AsyncIterable<Uint8Array>,
): Promise<http.IncomingMessage> {
  const all: http.OutgoingHttpHeaders = { 'user-agent': settings.userAgent, 'accept-encoding': 'gzip', ...headers }
  if (credential)
    all['authorization'] = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
  for (const line of extraHeaders) {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? []
    // Like git, a header given by hand replaces one of ours.
    if (name !== undefined && value !== undefined) all[name.toLowerCase()] = value
  }
  const first: Uint8Array[] = []
  let size = 0
  const chunks = body?.[Symbol.asyncIterator]()
  let more = chunks !== undefined
  while (chunks && more && size <= settings.postBuffer) {
    const { done, value } = await chunks.next()
    if (done) more = false
    else {
      first.push(value)
      size += value.length
    }
  }
  if (chunks && !more) all['content-length'] = size
  const send = url.protocol === 'https:' ? https.request : http.request
  signal.throwIfAborted()
  const outgoing = send(url, { method, headers: all, agent })
  // Not the option `signal`: that destroys with an error, which a socket whose answer is already whole emits with
  // nobody listening, and that ends the process.
  const leave = () => outgoing.destroy()
  signal.addEventListener('abort', leave, { once: true })
  outgoing.once('close', () => signal.removeEventListener('abort', leave))
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.on('error', reject)
    outgoing.once('timeout', () => outgoing.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })))
  })
  const write = (chunk: Uint8Array) =>
    new Promise<void>((resolve, reject) => outgoing.write(chunk, error => (error ? reject(error) : resolve())))
  if (!more) {
    for (const chunk of first) outgoing.write(chunk)
    outgoing.end()
  } else {
    const sent = (async () => {
      for (const chunk of first) await write(chunk)
      for (;;) {
        const { done, value } = await chunks!.next()
        if (done) break
        await write(value)
      }
      outgoing.end()
    })()
    // A server may answer, or hang up, before it has taken everything.
    await Promise.race([sent.catch(error => outgoing.destroy(error)), answered])
  }
  return await answered
}

async function* bytesOf(response: http.IncomingMessage, host: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const zipped = /^(x-)?gzip$/i.test(response.headers['content-encoding'] ?? '')
  const stream: Readable = zipped ? response.pipe(createGunzip()) : response
  // `pipe` does not carry errors over.
  if (zipped) response.once('error', error => stream.destroy(error))
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (error) {
    throw translateHttpError(error, host, signal, 'connection-lost')
  }
}

/** The beginning of a plain-text answer, for people; forges explain themselves there. */
async function wordsOf(response: http.IncomingMessage): Promise<string> {
  if (!/^text\/plain/i.test(response.headers['content-type'] ?? '')) {
    response.resume()
    return ''
  }
  let text = ''
  for await (const chunk of response) {
    text += String(chunk)
    if (text.length > 4096) break
  }
  return forPeople(text.slice(0, 4096))
}

/** Which address did not answer: with a proxy it is not the host's own. */
const whereOf = (error: Error): string =>
  'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : ''

const certificateCodes = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

function translateHttpError(
  error: unknown,
  host: string,
  signal: AbortSignal,
  lost: 'unreachable' | 'connection-lost' = 'unreachable',
): unknown {
  if (signal.aborted) return new AppError('cancelled', 'error.cancelled', {}, { cause: error })
  if (error instanceof AppError || isCancelled(error) || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === '' && !/aborted|socket|hang up/i.test(error.message)) return error
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new AppError('unreachable', 'transport.hostNotFound', { host }, { cause: error })
  if (certificateCodes.test(code))
    return new AppError('unreachable', 'transport.certificate', { host, reason: code }, { cause: error })
  return lost === 'connection-lost'
    ? new AppError('connection-lost', 'transport.connectionLost', { host }, { cause: error })
    : new AppError(
        'unreachable',
        'transport.httpUnreachable',
        { host, reason: [code || error.message, whereOf(error)].filter(Boolean).join(' ') },
        { cause: error },
      )
}
