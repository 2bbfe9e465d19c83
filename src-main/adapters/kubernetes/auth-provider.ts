import { AppError } from '../../../shared/errors.ts'
import type { UserEntry } from './kubeconfig-entries.ts'

type Provider = NonNullable<UserEntry['authProvider']>
/** `until` is in milliseconds since the epoch. */
export type ProviderToken = { readonly token: string; readonly until: number }

/**
 * Tokens of a kubeconfig's `auth-provider`, renewed where they have run out. What was renewed is kept in memory only:
 * the file stays as kubectl wrote it.
 */
export function tokensOfProvider(user: string, provider: Provider): () => Promise<ProviderToken> {
  // The library keeps what a renewal gave in the very object it was given.
  const kept = { name: provider.name, config: { ...provider.config } }
  return async () => {
    const { KubeConfig } = await import('@kubernetes/client-node')
    const config = new KubeConfig()
    config.loadFromOptions({
      clusters: [{ name: 'cluster', server: 'https://cluster.invalid', skipTLSVerify: false }],
      users: [{ name: 'user', authProvider: kept }],
      contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
      currentContext: 'context',
    })
    const options: { headers?: { [name: string]: string } } = {}
    try {
      await config.applyToHTTPSOptions(options)
    } catch {
      // The library's words may quote the provider's answer, which may hold a token.
      throw new AppError('unauthorized', 'cluster.providerFailed', { user, provider: provider.name })
    }
    const token = options.headers?.['Authorization']?.replace(/^Bearer /, '')
    if (!token) throw new AppError('unauthorized', 'cluster.providerFailed', { user, provider: provider.name })
    return { token, until: endOf(token) }
  }
}

/** When a JSON Web Token runs out; five minutes from now where it does not say. */
function endOf(token: string): number {
  const usual = Date.now() + 5 * 60_000
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const end = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined
    return typeof end === 'number' ? end * 1000 : usual
  } catch {
    return usual
  }
}
