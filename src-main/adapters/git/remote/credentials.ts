import { execFile } from 'node:child_process'
import type { Prompter } from '../../../needs/prompter.ts'
import type { Secrets } from '../../../needs/secrets.ts'
import { gitEnvironment } from './local-process.ts'

export type Credential = { readonly username: string; readonly password: string }

/** Where a credential came from, told what became of it. */
export type FoundCredential = Credential & {
  accepted(): Promise<void>
  refused(): Promise<void>
}

export type CredentialNeeds = {
  readonly prompter: Prompter
  readonly secrets: Secrets
  readonly env: Readonly<Record<string, string | undefined>>
  /** False where there is no git, whose helpers could be asked. */
  readonly git: boolean
}

/**
 * Credentials for an address that has none that work, best source first: what a git credential helper knows, what was
 * kept here, a person (three times). Nothing of it is logged or put into an error.
 */
export async function* findCredentials(
  url: URL,
  given: { readonly username: string | null; readonly password: string | null },
  directory: string,
  needs: CredentialNeeds,
  signal: AbortSignal,
): AsyncGenerator<FoundCredential> {
  const nothing = async () => {}
  if (needs.git) {
    const filled = await credentialHelper('fill', url, given.username, null, directory, needs.env, signal)
    if (filled) {
      const tell = (verb: 'approve' | 'reject') => async () => {
        await credentialHelper(verb, url, given.username, filled, directory, needs.env, signal)
      }
      yield { ...filled, accepted: tell('approve'), refused: tell('reject') }
    }
  }

  const name = secretName(url, given.username)
  const kept = parseKept(await needs.secrets.get(name))
  if (kept) yield { ...kept, accepted: nothing, refused: () => needs.secrets.delete(name) }

  for (let attempt = 0; attempt < 3; attempt++) {
    const answer = await needs.prompter.ask({ kind: 'password', host: url.host, username: given.username }, signal)
    if (answer?.secret == null) return
    const credential = { username: answer.username ?? given.username ?? '', password: answer.secret }
    yield {
      ...credential,
      // Without `remember` it is kept in memory, else every fetch would ask again.
      accepted: () => needs.secrets.set(name, JSON.stringify(credential), answer.remember),
      refused: nothing,
    }
  }
}

const secretName = (url: URL, username: string | null) =>
  `git-http:${username === null ? '' : `${encodeURIComponent(username)}@`}${url.origin}`

/**
 * Hands what an address carried, and what worked, to git's helpers as git does, and keeps it in memory: the address is
 * written to a clone's configuration without its password.
 */
export async function keepFromAddress(
  url: URL,
  credential: Credential,
  directory: string,
  needs: CredentialNeeds,
  signal: AbortSignal,
): Promise<void> {
  if (needs.git) await credentialHelper('approve', url, credential.username, credential, directory, needs.env, signal)
  await needs.secrets.set(secretName(url, credential.username), JSON.stringify(credential), false)
}

function parseKept(text: string | null): Credential | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const { username, password } = value as Record<string, unknown>
    return typeof username === 'string' && typeof password === 'string' ? { username, password } : null
  } catch {
    return null // not written by us: as good as none
  }
}

/**
 * `git credential fill|approve|reject` with the helpers the person has configured, and nobody asked on a terminal or
 * by a window of git's. Null: no helper knew.
 */
async function credentialHelper(
  verb: 'fill' | 'approve' | 'reject',
  url: URL,
  username: string | null,
  credential: Credential | null,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Credential | null> {
  const fields: [string, string | null][] = [
    ['protocol', url.protocol.slice(0, -1)],
    ['host', url.host],
    ['path', url.pathname.slice(1)],
    ['username', credential?.username ?? username],
    ['password', credential?.password ?? null],
  ]
  const present = fields.filter((field): field is [string, string] => field[1] !== null && field[1] !== '')
  // A line end would begin another field.
  if (present.some(([, value]) => /[\r\n\0]/.test(value))) return null
  const output = await new Promise<string | null>(resolve => {
    const child = execFile(
      'git',
      ['-c', 'core.askPass=', 'credential', verb],
      {
        cwd: directory,
        env: { ...gitEnvironment(env), GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '' },
        signal,
        windowsHide: true,
      },
      // No helper, or none that knows: git fails because it may not ask.
      (error, stdout) => resolve(error ? null : stdout),
    )
    child.stdin!.on('error', () => {}) // it ended before it read everything: its exit says why
    child.stdin!.end(`${present.map(([key, value]) => `${key}=${value}`).join('\n')}\n\n`)
  })
  signal.throwIfAborted()
  if (output === null || verb !== 'fill') return null
  const found = new Map(
    output.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const [name, password] = [found.get('username'), found.get('password')]
  return name !== undefined && password !== undefined ? { username: name, password } : null
}
