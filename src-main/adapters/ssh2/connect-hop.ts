import type { Duplex } from 'node:stream'
import { Client, type ServerHostKeyAlgorithm } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import type { Prompter } from '../../needs/prompter.ts'
import type { Secrets } from '../../needs/secrets.ts'
import { type Attempts, authenticate } from './authenticate.ts'
import { authorityLine, knownAlgorithms } from './known-hosts.ts'
import type { HostSettings } from './resolve-host.ts'
import { certificateAlgorithms, takeHostCertificates } from './show-certificates.ts'
import { translateSshError } from './translate-ssh-error.ts'
import { type UnlockedKeys, unlockKeys } from './unlock-key.ts'
import { nameOnFile, namesOfHost, readKnownHosts, verifyHostKey } from './verify-host-key.ts'

export type HopNeeds = { readonly prompter: Prompter; readonly secrets: Secrets; readonly unlocked: UnlockedKeys }

/** Everything ssh2 can check, in its own order of preference. */
const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
]

/**
 * One hop: a handshake over a new socket (or `over`, a stream through another hop), the host's key checked, a person
 * signed in. The time limit stands still while a person is asked, else a slow answer would look like a dead host.
 */
export async function connectHop(
  settings: HostSettings,
  over: Duplex | null,
  needs: HopNeeds,
  signal: AbortSignal,
): Promise<Client> {
  const lines = await readKnownHosts(settings)
  const known = knownAlgorithms(lines, nameOnFile(settings))
  const onFile = (algorithm: string) =>
    known.includes(algorithm) || (algorithm.startsWith('rsa-sha2-') && known.includes('ssh-rsa'))
  // A certificate is of use where its authority is on file alone.
  const certificates = authorityLine(lines, namesOfHost(settings)) ? certificateAlgorithms : []
  const preferred = [
    ...certificates,
    ...hostKeyAlgorithms.filter(onFile),
    ...hostKeyAlgorithms.filter(name => !onFile(name)),
  ]
  signal.throwIfAborted()

  const ending = new AbortController()
  const waiting = AbortSignal.any([signal, ending.signal])
  const client = new Client()
  const attempts: Attempts = { tried: [] }
  let refusal: unknown
  const clock = stoppableTimer(settings.connectTimeout, () => {
    refusal ??= new AppError('unreachable', 'transport.sshTimeout', {
      host: `${settings.hostName}:${settings.port}`,
      seconds: Math.round(settings.connectTimeout / 1000),
    })
    client.destroy()
    fail(refusal)
  })
  const prompter: Prompter = {
    ask: async (question, askSignal) => {
      using _pause = clock.pause()
      return await needs.prompter.ask(question, askSignal)
    },
  }
  const unlock = unlockKeys({ prompter, secrets: needs.secrets }, needs.unlocked, settings.batchMode, waiting)
  let fail = (_error: unknown): void => {}
  const abort = () => {
    client.destroy()
    over?.destroy()
    fail(signal.reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      fail = reject
      client.once('ready', resolve)
      client.on('error', (error: Error & { level?: string }) => {
        // An agent that refuses one signature is no reason to stop: ssh2 goes on to the next key.
        if (error.level !== 'agent') reject(refusal ?? error)
      })
      client.once('close', () => reject(refusal ?? new Error('closed by the other side')))
      client.connect({
        host: settings.hostName,
        port: settings.port,
        username: settings.user,
        ...(over && { sock: over }),
        readyTimeout: 0,
        keepaliveInterval: settings.aliveInterval,
        keepaliveCountMax: settings.aliveCountMax,
        algorithms: { serverHostKey: preferred },
        hostVerifier: (key: Buffer, accept: (valid: boolean) => void) => {
          verifyHostKey(settings, key, prompter, waiting).then(
            () => accept(true),
            (error: unknown) => {
              refusal = error
              accept(false)
            },
          )
        },
        authHandler: authenticate(settings, { prompter, secrets: needs.secrets, unlock }, attempts, client, waiting),
      })
      if (certificates.length > 0) takeHostCertificates(client)
    })
    // Questions and keys are small: held back until more comes (Nagle), each would take 40 ms longer.
    client.setNoDelay(true)
    // From here on a broken line is seen as `close`; an error event without a listener would end the app.
    client.on('error', () => {})
    return client
  } catch (error) {
    ending.abort()
    client.destroy()
    over?.destroy()
    signal.throwIfAborted()
    throw translateSshError(error, settings, attempts.tried)
  } finally {
    clock[Symbol.dispose]()
    signal.removeEventListener('abort', abort)
  }
}

/** A timer that can be held. `pause` returns the release. */
function stoppableTimer(milliseconds: number, expire: () => void) {
  let left = milliseconds
  let started = Date.now()
  let held = 0
  let timer: NodeJS.Timeout | undefined = setTimeout(expire, left)
  return {
    pause(): Disposable {
      if (held++ === 0) {
        clearTimeout(timer)
        left -= Date.now() - started
      }
      return {
        [Symbol.dispose]() {
          if (--held > 0 || timer === undefined) return
          started = Date.now()
          timer = setTimeout(expire, Math.max(left, 1000))
        },
      }
    },
    [Symbol.dispose]() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
