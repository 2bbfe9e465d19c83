import * as z from 'zod/mini'
import { AppError } from '../../../shared/errors.ts'
import type { MetricsSource } from '../../../shared/workspace-file/workspace-schema.ts'
import type { MetricsAddress } from '../../needs/metrics-source.ts'
import type { Prompter } from '../../needs/prompter.ts'
import type { Secrets } from '../../needs/secrets.ts'

export type SignInNeeds = {
  readonly secrets: Secrets
  readonly prompter: Prompter
  /** A variable of this process's environment. */
  readonly variable: (name: string) => string | undefined
}

/** How a source was signed in to; `ask` lets a person be asked where nothing is kept. */
export type SignIn = { readonly address: MetricsAddress; readonly credential: 'none' | 'variable' | 'kept' | 'given' }

const Kept = z.object({ username: z.string(), secret: z.string() })
const secretName = (url: string): string => `metrics:${url}`

/**
 * Everything a request to a source carries. Rejects `invalid-input` where a variable it names is not set, and
 * `unauthorized` where it wants a credential and none is there or given.
 */
export async function signIn(
  source: MetricsSource,
  needs: SignInNeeds,
  ask: 'never' | 'when-wanted' | 'now',
  signal: AbortSignal,
): Promise<SignIn> {
  const { kind, url, tenant, auth, caFile, match } = source
  const headers: Record<string, string> = {}
  const variable = (name: string): string => {
    const value = needs.variable(name)
    if (value === undefined || value === '') throw new AppError('invalid-input', 'metrics.noVariable', { name, url })
    return value
  }
  if (tenant !== undefined) headers['X-Scope-OrgID'] = tenant
  for (const [name, { env }] of Object.entries(source.headers ?? {})) headers[name] = variable(env)
  const signedIn = (credential: SignIn['credential']): SignIn => ({
    address: { kind, url, headers, match: match ?? {}, ...(caFile !== undefined && { caFile }) },
    credential,
  })
  const { host } = new URL(url)
  if (auth?.env !== undefined) {
    const value = variable(auth.env)
    headers['Authorization'] = auth.kind === 'bearer' ? `Bearer ${value}` : basic(value)
    return signedIn('variable')
  }
  const kept = Kept.safeParse(parsed(await needs.secrets.get(secretName(url))))
  const wayOf = (username: string, secret: string) =>
    (auth?.kind ?? (username === bearerName ? 'bearer' : 'basic')) === 'bearer'
      ? `Bearer ${secret}`
      : basic(`${username}:${secret}`)
  if (kept.success && ask !== 'now') {
    headers['Authorization'] = wayOf(kept.data.username, kept.data.secret)
    return signedIn('kept')
  }
  if (ask === 'now' || (auth && ask === 'when-wanted')) {
    const answer = await needs.prompter.ask(
      { kind: 'password', host, username: auth?.kind === 'bearer' ? bearerName : null },
      signal,
    )
    if (answer?.secret == null) throw new AppError('unauthorized', 'metrics.noCredential', { host })
    const username = answer.username ?? bearerName
    await needs.secrets.set(secretName(url), JSON.stringify({ username, secret: answer.secret }), answer.remember)
    headers['Authorization'] = wayOf(username, answer.secret)
    return signedIn('given')
  }
  if (auth) throw new AppError('unauthorized', 'metrics.noCredential', { host })
  return signedIn('none')
}

/** Who signs in with nothing but a token is asked for it under this name. */
const bearerName = 'token'
const basic = (pair: string): string => `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(pair)))}`

export const forgetCredential = (source: MetricsSource, secrets: Secrets): Promise<void> =>
  secrets.delete(secretName(source.url))

function parsed(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null // not written by us: as good as none
  }
}
