import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError, assertNever } from '../../../shared/errors.ts'
import type { Prompter } from '../../needs/prompter.ts'
import { isMissing } from './is-missing.ts'
import { hostName, judgeHostKey, type KnownHost, keyAlgorithm, knownHostLine, parseKnownHosts } from './known-hosts.ts'
import type { HostSettings } from './resolve-host.ts'

/** The lines of every known_hosts file a host is looked up in. Files that do not exist are empty. */
export async function readKnownHosts(settings: HostSettings): Promise<KnownHost[]> {
  const found: KnownHost[] = []
  for (const file of [...settings.userKnownHosts, ...settings.globalKnownHosts]) {
    try {
      found.push(...parseKnownHosts(await readFile(file, 'utf8'), file))
    } catch (error) {
      if (!isMissing(error))
        throw new AppError('unauthorized', 'transport.knownHostsUnreadable', { file }, { cause: error })
    }
  }
  return found
}

/** The name a host's key is filed under. */
export const nameOnFile = (settings: HostSettings): string =>
  settings.hostKeyAlias ?? hostName(settings.hostName, settings.port)

/** OpenSSH's `SHA256:…`. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/**
 * Decides whether a host is who it was. A first contact is put to a person and then written to the first known_hosts
 * file; a changed or revoked key is always refused, also with `StrictHostKeyChecking no`.
 */
export async function verifyHostKey(
  settings: HostSettings,
  key: Buffer,
  prompter: Prompter,
  signal: AbortSignal,
): Promise<void> {
  const name = nameOnFile(settings)
  const verdict = judgeHostKey(await readKnownHosts(settings), name, key)
  const shown = { host: name, fingerprint: fingerprint(key), algorithm: keyAlgorithm(key) }
  switch (verdict.kind) {
    case 'known':
      return
    case 'revoked':
      throw new AppError('unauthorized', 'transport.hostKeyRevoked', {
        ...shown,
        file: verdict.file,
        line: verdict.line,
      })
    case 'changed':
      throw new AppError('unauthorized', 'transport.hostKeyChanged', {
        ...shown,
        file: verdict.file,
        line: verdict.line,
      })
    case 'other-algorithm':
      // The algorithms on file were asked for first, so the host no longer has that key.
      throw new AppError('unauthorized', 'transport.hostKeyChanged', {
        ...shown,
        file: verdict.file,
        line: verdict.line,
      })
    case 'unknown':
      break
    default:
      assertNever(verdict)
  }
  if (settings.strictHostKeyChecking === 'yes') throw new AppError('unauthorized', 'transport.hostKeyUnknown', shown)
  if (settings.strictHostKeyChecking === 'ask') {
    const answer = settings.batchMode
      ? null
      : await prompter.ask(
          { kind: 'host-key', host: name, algorithm: shown.algorithm, fingerprint: shown.fingerprint },
          signal,
        )
    signal.throwIfAborted()
    // Any answer that is not a refusal confirms: there is nothing to type.
    if (answer?.secret == null) throw new AppError('unauthorized', 'transport.hostKeyNotConfirmed', shown)
  }
  const [file] = settings.userKnownHosts
  if (file !== undefined && file !== '/dev/null') await appendKnownHost(file, settings, name, key)
}

async function appendKnownHost(file: string, settings: HostSettings, name: string, key: Buffer): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await using handle = await open(file, 'a+', 0o600)
    const { size } = await handle.stat()
    const last = Buffer.alloc(1)
    // A file whose last line has no end would swallow ours.
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    const lineEnded = size === 0 || last[0] === 0x0a
    await handle.appendFile(
      (lineEnded ? '' : '\n') + knownHostLine(name, key, settings.hashKnownHosts ? randomBytes(20) : undefined),
    )
  } catch (error) {
    throw new AppError('unauthorized', 'transport.knownHostsUnwritable', { file }, { cause: error })
  }
}
