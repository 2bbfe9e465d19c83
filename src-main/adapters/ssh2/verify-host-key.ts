import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError, assertNever } from '../../../shared/errors.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Prompter } from '../../needs/prompter.ts'
import { type CertificateFault, faultOfCertificate, isCertificate, readHostCertificate } from './host-certificate.ts'
import { isMissing } from './is-missing.ts'
import {
  authorityLine,
  hostName,
  judgeHostKey,
  type KnownHost,
  keyAlgorithm,
  knownHostLine,
  namesHost,
  parseKnownHosts,
} from './known-hosts.ts'
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

/** The names a host may be found under by the line of an authority: OpenSSH looks without the port, too. */
export const namesOfHost = (settings: HostSettings): readonly string[] => [nameOnFile(settings), bareName(settings)]
const bareName = ({ hostKeyAlias, hostName: host }: HostSettings): string => hostKeyAlias ?? host

/** OpenSSH's `SHA256:…`. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/**
 * What the files say of a host that shows a certificate. Null: it holds. Else its plain key is to be judged as any other;
 * the message says why the certificate of a known authority is none.
 */
function judgeCertificate(
  known: readonly KnownHost[],
  settings: HostSettings,
  blob: Buffer,
): { readonly key: Buffer; readonly why: MessageKey | null; readonly authority: KnownHost | undefined } | null {
  const certificate = readHostCertificate(blob)
  if (!certificate)
    throw new AppError('unauthorized', 'transport.hostCertificateUnreadable', { host: settings.hostName })
  const names = namesOfHost(settings)
  const revoked = known.find(
    ({ marker, names: listed, key }) =>
      marker === 'revoked' &&
      names.some(name => namesHost(listed, name)) &&
      [certificate.authority, certificate.key, blob].some(one => one.equals(key)),
  )
  if (revoked) {
    const shown = { host: nameOnFile(settings), fingerprint: fingerprint(revoked.key), algorithm: revoked.algorithm }
    throw new AppError('unauthorized', 'transport.hostKeyRevoked', { ...shown, file: revoked.file, line: revoked.line })
  }
  const authority = authorityLine(known, names, certificate.authority)
  const fault = faultOfCertificate(certificate, bareName(settings).toLowerCase(), BigInt(Math.floor(Date.now() / 1000)))
  if (authority && fault === null) return null
  return { key: certificate.key, why: authority && fault ? faultKeys[fault] : null, authority }
}

const faultKeys: Readonly<Record<CertificateFault, MessageKey>> = {
  signature: 'transport.certificateNotSigned',
  kind: 'transport.certificateOfPerson',
  name: 'transport.certificateOtherName',
  early: 'transport.certificateEarly',
  expired: 'transport.certificateExpired',
  option: 'transport.certificateOption',
}

/**
 * Decides whether a host is who it was. A first contact is put to a person and then written to the first known_hosts
 * file; a changed or revoked key is always refused, also with `StrictHostKeyChecking no`.
 */
export async function verifyHostKey(
  settings: HostSettings,
  shownKey: Buffer,
  prompter: Prompter,
  signal: AbortSignal,
): Promise<void> {
  const name = nameOnFile(settings)
  const known = await readKnownHosts(settings)
  let key = shownKey
  if (isCertificate(keyAlgorithm(key))) {
    const judged = judgeCertificate(known, settings, key)
    if (judged === null) return
    key = judged.key
    const { why, authority } = judged
    // A key that is on file itself needs nobody's word; one that is not has an authority that did not give it.
    if (why && authority && judgeHostKey(known, name, key).kind !== 'known')
      throw new AppError('unauthorized', why, { host: name, file: authority.file, line: authority.line })
  }
  const verdict = judgeHostKey(known, name, key)
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
