import {
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  BaseAgent,
  type Client,
  createAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import type { Prompter } from '../../needs/prompter.ts'
import type { Secrets } from '../../needs/secrets.ts'
import { type Certificate, certified, readCertificate, sendSigned, signatureOf } from './certificate.ts'
import { type KeyFile, readKeyFile } from './key-file.ts'
import type { HostSettings } from './resolve-host.ts'
import type { UnlockKey } from './unlock-key.ts'

type Sign = (data: Buffer, hash: string | undefined) => Promise<Buffer | null>
type Candidate = {
  readonly label: string
  readonly publicKey: ParsedKey
  readonly sign: Sign
  /** Shown instead of the key. */
  readonly certificate?: Certificate
}

/** What was tried, in words for the error: never a secret. */
export type Attempts = { readonly tried: string[] }

/**
 * An agent that holds one key. ssh2 asks the host about the public half first and only then for a signature, so a
 * passphrase is asked for only when the host would take the key. `signed` tells a key that was refused from one that
 * was accepted as the first of two factors: ssh2 does not pass on a partial success of an agent.
 */
class OneKeyAgent extends BaseAgent<ParsedKey> {
  readonly #candidate: Candidate
  readonly #client: Client
  signed = false
  constructor(candidate: Candidate, client: Client) {
    super()
    this.#candidate = candidate
    this.#client = client
  }
  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    const { publicKey, certificate } = this.#candidate
    callback(null, [certificate ? certified(publicKey, certificate) : publicKey])
  }
  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback!
    const { certificate, publicKey } = this.#candidate
    const asked = typeof options === 'function' ? undefined : options.hash
    const hash = certificate ? signatureOf(publicKey).hash : asked
    this.#candidate.sign(data, hash).then(
      signature => {
        if (signature === null) return done(new Error('No signature'))
        this.signed = true
        if (!certificate) done(null, signature)
        else if (!sendSigned(this.#client, publicKey, data, signature)) done(new Error('No signature'))
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('No signature')),
    )
  }
}

/** Each key after the certificates that are on it: `<file>-cert.pub` beside a configured key, and CertificateFile. */
async function* candidates(settings: HostSettings, unlock: UnlockKey, attempts: Attempts): AsyncGenerator<Candidate> {
  const named = [...settings.certificateFiles, ...settings.identityFiles.map(file => `${file}-cert.pub`)]
  const certificates: Certificate[] = []
  for (const file of named) {
    const certificate = await readCertificate(file)
    if (certificate) certificates.push(certificate)
  }
  for await (const candidate of keys(settings, unlock, attempts)) {
    const wire = candidate.publicKey.getPublicSSH()
    for (const certificate of certificates)
      if (certificate.publicKey.equals(wire)) yield { ...candidate, label: certificate.file, certificate }
    yield candidate
  }
}

/** Keys in the order OpenSSH offers them: those of the agent that are also configured, the agent's others, then files. */
async function* keys(settings: HostSettings, unlock: UnlockKey, attempts: Attempts): AsyncGenerator<Candidate> {
  const files: KeyFile[] = []
  for (const file of settings.identityFiles) {
    const key = await readKeyFile(file)
    if (key === null) {
      if (settings.identityFilesGiven) attempts.tried.push(`${file} (missing)`)
    } else if (key.kind === 'unusable') attempts.tried.push(`${file} (${key.problem})`)
    else files.push(key)
  }

  const agentKeys = await identitiesOfAgent(settings, attempts)
  const wire = (key: ParsedKey) => key.getPublicSSH()
  const configured = (key: ParsedKey) =>
    files.some(file => publicHalfOf(file)?.getPublicSSH().equals(wire(key)) ?? false)
  yield* agentKeys.filter(({ publicKey }) => configured(publicKey))
  if (!settings.identitiesOnly) yield* agentKeys.filter(({ publicKey }) => !configured(publicKey))

  for (const key of files) {
    const shown = publicHalfOf(key)
    if (shown && agentKeys.some(({ publicKey }) => wire(publicKey).equals(wire(shown)))) continue
    if (key.kind === 'open') {
      yield { label: key.file, publicKey: key.key, sign: async (data, hash) => signWith(key.key, data, hash) }
    } else if (key.kind === 'locked') {
      const publicKey = shown ?? (await unlock(key.file))
      const locked = () => void attempts.tried.push(`${key.file} (locked)`)
      if (!publicKey) {
        locked()
        continue
      }
      yield {
        label: key.file,
        publicKey,
        sign: async (data, hash) => {
          const opened = await unlock(key.file)
          if (opened) return signWith(opened, data, hash)
          locked()
          return null
        },
      }
    }
  }
}

const publicHalfOf = (file: KeyFile): ParsedKey | null =>
  file.kind === 'open' ? file.key : file.kind === 'unusable' ? null : file.publicKey

/** ssh2 returns its errors here instead of throwing them. */
function signWith(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer | null {
  const signature: unknown = key.sign(data, hash)
  return Buffer.isBuffer(signature) ? signature : null
}

async function identitiesOfAgent(settings: HostSettings, attempts: Attempts): Promise<Candidate[]> {
  if (settings.identityAgent === null) return []
  const agent = createAgent(settings.identityAgent)
  const keys = await new Promise<unknown[]>(resolve =>
    agent.getIdentities((error: Error | null | undefined, found?: unknown[]) => {
      if (error) attempts.tried.push(`agent ${settings.identityAgent} (unreachable)`)
      resolve(error ? [] : (found ?? []))
    }),
  )
  return keys.filter(isParsedKey).map((publicKey, index) => ({
    label: `agent key ${publicKey.comment || index + 1}`,
    publicKey,
    sign: (data, hash) =>
      new Promise(resolve =>
        agent.sign(publicKey, data, (hash ? { hash } : {}) as SigningRequestOptions, (error, signature) =>
          resolve(error || !signature ? null : Buffer.from(signature as Buffer)),
        ),
      ),
  }))
}

const isParsedKey = (key: unknown): key is ParsedKey =>
  typeof key === 'object' && key !== null && 'getPublicSSH' in key && typeof key.getPublicSSH === 'function'

const passwordTries = 3
const secretName = (settings: HostSettings) => `ssh-password:${settings.user}@${settings.hostName}:${settings.port}`

/**
 * Walks the ways to sign in, in OpenSSH's order. ssh2 calls for the next one each time the last was refused.
 * Failures are collected in `attempts` for the error message; secrets only ever go to the host.
 */
export function authenticate(
  settings: HostSettings,
  needs: { prompter: Prompter; secrets: Secrets; unlock: UnlockKey },
  attempts: Attempts,
  client: Client,
  signal: AbortSignal,
): AuthHandlerMiddleware {
  let allowed: readonly string[] = []
  const username = settings.user

  async function* methods(): AsyncGenerator<AnyAuthMethod> {
    // The answer to "none" names the methods the host has.
    yield { type: 'none', username }
    let firstFactor = false
    if (settings.methods.publicKey && allowed.includes('publickey')) {
      for await (const candidate of candidates(settings, needs.unlock, attempts)) {
        const agent = new OneKeyAgent(candidate, client)
        yield { type: 'agent', username, agent }
        attempts.tried.push(candidate.label)
        if (agent.signed) {
          firstFactor = true
          break
        }
      }
    }
    if (settings.batchMode) return
    const asks = (method: string) => firstFactor || allowed.includes(method)
    if (settings.methods.keyboard && asks('keyboard-interactive')) {
      let declined = false
      let asked = 0
      for (let attempt = 0; attempt < passwordTries && !declined; attempt++) {
        yield {
          type: 'keyboard-interactive',
          username,
          prompt: (_name, _instructions, _language, prompts, finish) => {
            void (async () => {
              const answers: string[] = []
              for (const { prompt } of prompts) {
                const secret = declined ? null : await password(attempt, asked++, prompt)
                if (secret === null) declined = true
                answers.push(secret ?? '')
              }
              finish(answers)
            })().catch(() => finish(prompts.map(() => '')))
          },
        }
        attempts.tried.push('keyboard-interactive')
        if (asked === 0) break
      }
      if (declined) return
    }
    if (settings.methods.password && asks('password')) {
      for (let attempt = 0; attempt < passwordTries; attempt++) {
        const secret = await password(attempt, 0, null)
        if (secret === null) return
        yield { type: 'password', username, password: secret }
        attempts.tried.push('password')
      }
    }
  }

  /** A kept password is tried once; a wrong one is forgotten and asked for again. */
  async function password(attempt: number, nth: number, prompt: string | null): Promise<string | null> {
    const name = secretName(settings)
    const plain = prompt === null || /password/i.test(prompt)
    if (plain && nth === 0 && attempt === 0) {
      const kept = await needs.secrets.get(name)
      if (kept !== null) return kept
    } else if (plain && attempt === 1) await needs.secrets.delete(name)
    const answer = await needs.prompter.ask(
      {
        kind: 'password',
        host: settings.hostName,
        username,
        ...(prompt !== null && !plain && { prompt: prompt.trim() }),
      },
      signal,
    )
    if (answer?.secret == null) return null
    if (plain && answer.remember) await needs.secrets.set(name, answer.secret, true)
    return answer.secret
  }

  const walk = methods()
  return (left, _partial, next) => {
    if (left) allowed = left
    walk.next().then(
      ({ done, value }) => next(done || signal.aborted ? (false as never) : value),
      (error: unknown) => {
        attempts.tried.push(error instanceof Error ? error.message : 'failed')
        next(false as never)
      },
    )
  }
}
