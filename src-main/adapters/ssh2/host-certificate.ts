import { createRequire } from 'node:module'
import ssh2 from 'ssh2'
import { matchesPatterns } from './match-pattern.ts'
import { certificateSuffix, fieldsOfKey, WireReader, wireString } from './wire.ts'

/** What a host shows in place of its key: the key, and somebody's signature on it (OpenSSH's PROTOCOL.certkeys). */
export type HostCertificate = {
  /** Wire form of the host's own key. */
  readonly key: Buffer
  /** Wire form of the key of who signed it. */
  readonly authority: Buffer
  readonly isForHosts: boolean
  /** Patterns of host names; none: any. */
  readonly names: readonly string[]
  /** Seconds since 1970. */
  readonly after: bigint
  readonly before: bigint
  /** Restrictions whoever trusts it must understand; there are none for hosts. */
  readonly critical: readonly string[]
  readonly signed: Buffer
  readonly signature: Buffer
}

export const isCertificate = (algorithm: string): boolean => algorithm.endsWith(certificateSuffix)

/** Null for what is none, or is on a key of a kind that cannot be checked. */
export function readHostCertificate(blob: Buffer): HostCertificate | null {
  try {
    const wire = new WireReader(blob)
    const type = wire.text()
    const plain = isCertificate(type) ? type.slice(0, -certificateSuffix.length) : ''
    const fields = fieldsOfKey[plain]
    if (fields === undefined) return null
    wire.string()
    const from = wire.at
    for (let field = 0; field < fields; field++) wire.string()
    const key = Buffer.concat([wireString(plain), blob.subarray(from, wire.at)])
    wire.uint64()
    const isForHosts = wire.uint32() === 2
    wire.string()
    const names = listOf(wire.string())
    const [after, before] = [wire.uint64(), wire.uint64()]
    const critical = listOf(wire.string()).filter((_, index) => index % 2 === 0)
    wire.string()
    wire.string()
    const authority = wire.string()
    const signed = blob.subarray(0, wire.at)
    const signature = wire.string()
    return wire.isOver ? { key, authority, isForHosts, names, after, before, critical, signed, signature } : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function listOf(packed: Buffer): readonly string[] {
  const wire = new WireReader(packed)
  const found: string[] = []
  while (!wire.isOver) found.push(wire.text())
  return found
}

const { sigSSHToASN1 }: { sigSSHToASN1: (signature: Buffer, type: string) => Buffer | undefined } = createRequire(
  import.meta.url,
)('ssh2/lib/protocol/utils.js')

/** Signatures with SHA-1 (`ssh-rsa`) prove nothing any more. */
const signatureHashes: Readonly<Record<string, string | undefined>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
}

/** Was it signed by the key it names? */
export function isSigned(certificate: HostCertificate): boolean {
  try {
    return verified(certificate)
  } catch (error) {
    // A key or a signature that ends too early signs nothing.
    if (error instanceof RangeError) return false
    throw error
  }
}

function verified({ authority, signed, signature }: HostCertificate): boolean {
  const type = new WireReader(authority).text()
  const key = ssh2.utils.parseKey(`${type} ${authority.toString('base64')}`)
  if (key instanceof Error || Array.isArray(key)) return false
  const wire = new WireReader(signature)
  const by = wire.text()
  const hash = signatureHashes[by]
  if (type === 'ssh-rsa' ? hash === undefined : by !== type) return false
  const raw = sigSSHToASN1(wire.string(), by)
  return raw !== undefined && key.verify(signed, raw, hash) === true
}

export type CertificateFault = 'signature' | 'kind' | 'name' | 'early' | 'expired' | 'option'

/** Why a certificate of a known authority does not hold for a host now; null: it holds. */
export function faultOfCertificate(
  certificate: HostCertificate,
  host: string,
  seconds: bigint,
): CertificateFault | null {
  if (!isSigned(certificate)) return 'signature'
  if (!certificate.isForHosts) return 'kind'
  if (certificate.critical.length > 0) return 'option'
  if (seconds < certificate.after) return 'early'
  if (seconds >= certificate.before) return 'expired'
  return certificate.names.length === 0 || matchesPatterns(certificate.names, host) ? null : 'name'
}
