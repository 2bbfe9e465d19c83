import { readFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
import { AppError } from '../../../shared/errors.ts'
import type { ContextEntry } from './kubeconfig-entries.ts'
import type { Credentials } from './sign-in.ts'

/**
 * Connections to one API server with one identity: its authority, the user's certificate, and the proxy of the
 * kubeconfig, else of the environment. Rejects `invalid-input` where a certificate cannot be read.
 */
export async function agentFor(
  { cluster, context, user }: ContextEntry,
  credentials: Credentials,
  limits: { readonly maxSockets?: number },
): Promise<http.Agent> {
  const { hostname, protocol } = new URL(cluster.server)
  const secure = protocol === 'https:'
  const identity = secure
    ? {
        ...(credentials.cert !== undefined && { cert: credentials.cert }),
        ...(credentials.key !== undefined && { key: credentials.key }),
        ...(await authorityOf(cluster, context.name)),
        ...(cluster.insecure && { rejectUnauthorized: false }),
        ...(cluster.serverName !== undefined && { servername: cluster.serverName }),
      }
    : {}
  try {
    tls.createSecureContext(identity)
  } catch {
    // OpenSSL's words tell nothing, and a key must not be quoted.
    throw new AppError('invalid-input', 'cluster.badCertificate', { context: context.name, user: context.user })
  }
  if (cluster.proxyUrl?.startsWith('socks')) return await socksAgent(cluster.server, cluster.proxyUrl, identity)
  const options = {
    keepAlive: true,
    keepAliveMsecs: 20_000,
    ...limits,
    ...proxy(cluster.proxyUrl, hostname),
    ...identity,
  }
  if (secure) return new https.Agent(options)
  // A credential in the clear could be read on its way.
  if (!isLoopback(hostname) && (Object.keys(credentials.headers).length > 0 || user.exec))
    throw new AppError('unsupported', 'cluster.plainHttp', { context: context.name, server: context.server })
  return new http.Agent(options)
}

export const isLoopback = (host: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host)

function proxy(url: string | undefined, host: string): { readonly proxyEnv?: NodeJS.ProcessEnv } {
  if (url !== undefined) return { proxyEnv: { HTTPS_PROXY: url, HTTP_PROXY: url } }
  return isLoopback(host) ? {} : { proxyEnv: process.env }
}

async function authorityOf(
  cluster: ContextEntry['cluster'],
  context: string,
): Promise<{ readonly ca?: Buffer | string[] }> {
  if (cluster.caData !== undefined) return { ca: Buffer.from(cluster.caData, 'base64') }
  const file = cluster.caFile
  if (file === undefined) return { ca: [...tls.getCACertificates('default'), ...tls.getCACertificates('system')] }
  try {
    return { ca: await readFile(file) }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new AppError('invalid-input', 'cluster.credentialUnreadable', { context, file, reason }, { cause: error })
  }
}

/** Through SOCKS, by the library: Node's own agents know HTTP proxies alone. */
async function socksAgent(server: string, proxyUrl: string, identity: https.AgentOptions): Promise<http.Agent> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [{ name: 'cluster', server, proxyUrl, skipTLSVerify: identity.rejectUnauthorized === false }],
    users: [{ name: 'user' }],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  })
  const options: https.RequestOptions = { ...identity }
  await config.applyToHTTPSOptions(options)
  if (!(options.agent instanceof http.Agent)) throw new Error('The library gave no agent')
  return options.agent
}
