import { readFile } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import { type ProviderToken, tokensOfProvider } from './auth-provider.ts'
import type { ContextEntry } from './kubeconfig-entries.ts'
import { type ExecCredential, runExecPlugin } from './run-exec-plugin.ts'

/** What a request carries to be let in. */
export type Credentials = {
  readonly headers: { readonly [name: string]: string | readonly string[] }
  readonly cert?: Buffer | string
  readonly key?: Buffer | string
}

export interface SignIn {
  /** The credentials as they hold now; the same object while they do. */
  current(signal: AbortSignal): Promise<Credentials>
  /** Forgets what the server did not accept. False where asking again would give the same. */
  renew(): boolean
}

/** Milliseconds a token file is trusted: kubelets renew theirs while Pods run. */
const tokenFileAge = 60_000
/** Milliseconds before its end that a credential is renewed, for clocks that differ. */
const early = 10_000

/** Signs in as the user of a kubeconfig's context: certificate, token, token file, password, exec plugin or OIDC. */
export function signInWith({ cluster, user, context }: ContextEntry): SignIn {
  let known: { readonly credentials: Credentials; readonly until: number } | null = null
  let asking: Promise<Credentials> | null = null
  let provided: (() => Promise<ProviderToken>) | null = null

  async function ask(signal: AbortSignal): Promise<Credentials> {
    const headers: Record<string, string | readonly string[]> = { ...user.impersonate }
    let until = Number.POSITIVE_INFINITY
    let cert: Buffer | string | undefined = await bytes(user.certFile, user.certData)
    let key: Buffer | string | undefined = await bytes(user.keyFile, user.keyData)
    if (user.token !== undefined) headers['Authorization'] = `Bearer ${user.token}`
    else if (user.tokenFile !== undefined) {
      const token = await readFile(user.tokenFile, 'utf8').catch((error: unknown) => {
        throw unreadable(user.tokenFile ?? '', error)
      })
      headers['Authorization'] = `Bearer ${token.trim()}`
      until = Date.now() + tokenFileAge
    } else if (user.username !== undefined)
      headers['Authorization'] = `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
    else if (user.exec) {
      const given: ExecCredential = await runExecPlugin(user.exec, cluster, signal)
      if (given.token !== undefined) headers['Authorization'] = `Bearer ${given.token}`
      if (given.cert !== undefined && given.key !== undefined) [cert, key] = [given.cert, given.key]
      if (given.expires !== null) until = given.expires - early
    } else if (user.authProvider) {
      provided ??= tokensOfProvider(context.user, user.authProvider)
      const given = await provided()
      headers['Authorization'] = `Bearer ${given.token}`
      until = given.until - early
    }
    const credentials = { headers, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
    known = { credentials, until }
    return credentials
  }

  async function bytes(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
    if (data !== undefined) return Buffer.from(data, 'base64')
    if (file === undefined) return undefined
    return await readFile(file).catch((error: unknown) => {
      throw unreadable(file, error)
    })
  }

  const unreadable = (file: string, error: unknown): AppError =>
    new AppError(
      'unauthorized',
      'cluster.credentialUnreadable',
      { context: context.name, file, reason: error instanceof Error && 'code' in error ? String(error.code) : '' },
      { cause: error },
    )

  return {
    async current(signal) {
      if (known && known.until > Date.now()) return known.credentials
      // A plugin is run once for all who wait; it is ended with the first of them, and the others ask again.
      asking ??= ask(signal).finally(() => {
        asking = null
      })
      try {
        return await asking
      } catch (error) {
        if (error instanceof AppError && error.code === 'cancelled' && !signal.aborted)
          return await this.current(signal)
        throw error
      }
    },
    renew() {
      known = null
      return user.exec !== undefined || user.tokenFile !== undefined || user.authProvider !== undefined
    },
  }
}
