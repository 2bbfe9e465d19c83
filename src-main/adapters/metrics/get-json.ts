import { readFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
import { createGunzip } from 'node:zlib'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { MetricsAddress } from '../../needs/metrics-source.ts'

/** Milliseconds a source may take for one answer. */
const patience = 30_000
/** Bytes of one answer: about 100,000 series. */
const mostBytes = 32 * 1024 * 1024

/** What was answered, whatever its status: sources explain a refusal in JSON. */
export type Answered = { readonly status: number; readonly json: unknown }

/** One line to a source; requests on it share a connection. */
export type JsonLine = Disposable & {
  readonly host: string
  get(path: string, query: { readonly [name: string]: string }, signal: AbortSignal): Promise<Answered>
}

/**
 * Opens a line to the server at an address. Redirects are not followed: the headers are meant for this host alone. The
 * proxy is that of the environment.
 */
export async function openJsonLine({ url, headers, caFile }: MetricsAddress): Promise<JsonLine> {
  const base = new URL(url)
  // No proxy leads to this machine.
  const options = { keepAlive: true, maxSockets: 4, ...(!isLoopback(base.hostname) && { proxyEnv: process.env }) }
  const agent =
    base.protocol === 'https:'
      ? new https.Agent({ ...options, ...(caFile !== undefined && { ca: await authorities(caFile) }) })
      : new http.Agent(options)
  return {
    host: base.host,
    async get(path, query, signal) {
      const target = new URL(`${base.href.replace(/[?#].*$/, '').replace(/\/+$/, '')}${path}`)
      target.search = new URLSearchParams(query).toString()
      const late = AbortSignal.timeout(patience)
      try {
        return await request(target, agent, headers, AbortSignal.any([signal, late]))
      } catch (error) {
        if (signal.aborted) throw new AppError('cancelled', 'error.cancelled', {}, { cause: error })
        if (late.aborted)
          throw new AppError(
            'unreachable',
            'metrics.timeout',
            { host: base.host, seconds: patience / 1000 },
            { cause: error },
          )
        throw translated(error, base.host)
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

const isLoopback = (host: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host)

async function authorities(file: string): Promise<string[]> {
  try {
    return [...tls.getCACertificates('default'), ...tls.getCACertificates('system'), await readFile(file, 'utf8')]
  } catch (error) {
    throw new AppError('invalid-input', 'metrics.caFile', { file }, { cause: error })
  }
}

async function request(
  url: URL,
  agent: http.Agent,
  headers: MetricsAddress['headers'],
  signal: AbortSignal,
): Promise<Answered> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = {
      agent,
      signal,
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'pilothouse', ...headers },
    }
    const asked = (url.protocol === 'https:' ? https : http).request(url, options)
    asked.once('error', reject)
    asked.once('response', resolve)
    asked.end()
  })
  const status = response.statusCode ?? 0
  const { location } = response.headers
  if (status >= 300 && status < 400 && location !== undefined) {
    response.resume()
    throw new AppError('unsupported', 'metrics.moved', {
      host: url.host,
      location: new URL(location, url).origin,
    })
  }
  if (status === 401 || status === 403) {
    response.resume()
    throw new AppError('unauthorized', status === 401 ? 'metrics.unauthorized' : 'metrics.forbidden', {
      host: url.host,
    })
  }
  return { status, json: parsed(await textOf(response, url.host)) }
}

async function textOf(response: http.IncomingMessage, host: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const gzip = response.headers['content-encoding'] === 'gzip'
  const body = gzip ? response.compose(createGunzip()) : response
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) {
      response.destroy()
      throw new AppError('invalid-input', 'metrics.tooLarge', { host, megabytes: mostBytes / 1024 / 1024 })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Undefined for what is no JSON: an error page of a proxy is not worth showing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const certificateCodes = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

function translated(error: unknown, host: string): unknown {
  if (error instanceof AppError || isCancelled(error) || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === '' && !/aborted|socket|hang up/i.test(error.message)) return error
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new AppError('unreachable', 'transport.hostNotFound', { host }, { cause: error })
  if (certificateCodes.test(code))
    return new AppError('unreachable', 'metrics.certificate', { host, reason: code }, { cause: error })
  return new AppError('unreachable', 'metrics.unreachable', { host, reason: code || error.message }, { cause: error })
}
