import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Client, ParsedKey } from 'ssh2'
import { isMissing } from './is-missing.ts'
import { fieldsOfKey, certificateSuffix as suffix, wireString as text } from './wire.ts'

/** A certificate on somebody's public key, as OpenSSH's PROTOCOL.certkeys lays it out. */
export type Certificate = {
  readonly file: string
  /** `ssh-ed25519-cert-v01@openssh.com` … */
  readonly type: string
  readonly blob: Buffer
  /** Wire form of the public key it is on. */
  readonly publicKey: Buffer
}

/** Null: there is no such file, or no certificate in it that could be used. */
export async function readCertificate(file: string): Promise<Certificate | null> {
  let line: string
  try {
    line = await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
  const [type = '', base64 = ''] = line.trim().split(/\s+/)
  const plain = type.endsWith(suffix) ? type.slice(0, -suffix.length) : ''
  const fields = fieldsOfKey[plain]
  const blob = Buffer.from(base64, 'base64')
  if (fields === undefined) return null
  const ends = [0]
  // Type and nonce come first.
  for (let field = 0; field < 2 + fields; field++) {
    const at = ends.at(-1)!
    if (at + 4 > blob.length) return null
    ends.push(at + 4 + blob.readUInt32BE(at))
  }
  if (ends.at(-1)! > blob.length) return null
  return { file, type, blob, publicKey: Buffer.concat([text(plain), blob.subarray(ends[2], ends.at(-1))]) }
}

/** The key a host is asked about: the certificate, which is signed for with the key it is on. */
export function certified(key: ParsedKey, { type, blob }: Certificate): ParsedKey {
  const shown: ParsedKey = Object.create(key)
  // An RSA key signs with SHA-2, which the name of the algorithm says and the certificate's own does not.
  shown.type = (type === `ssh-rsa${suffix}` ? `rsa-sha2-512${suffix}` : type) as ParsedKey['type']
  shown.getPublicSSH = () => blob
  return shown
}

/** What a key of this kind has to be signed with, and what its signature is called. */
export const signatureOf = ({ type }: ParsedKey): { readonly name: string; readonly hash: string | undefined } =>
  type === 'ssh-rsa' ? { name: 'rsa-sha2-512', hash: 'sha512' } : { name: type, hash: undefined }

type Internals = {
  readonly convertSignature: (signature: Buffer, type: string) => Buffer | false | undefined
  readonly sendPacket: (protocol: object, packet: Buffer) => void
}
type Protocol = {
  readonly _authsQueue: string[]
  readonly _packetRW: {
    readonly write: { readonly allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer }
  }
}
const internals: Internals = createRequire(import.meta.url)('ssh2/lib/protocol/utils.js')

/**
 * Answers a host's request for a signature with a certificate. Decision: ssh2 (its version is pinned) writes the name of
 * the certificate where RFC 4252, 7 wants that of the signature, so this packet is ours. `signed` is what was signed: the
 * session's id, then the request without the signature. Returns false where the signature cannot be used.
 */
export function sendSigned(client: Client, key: ParsedKey, signed: Buffer, signature: Buffer): boolean {
  const { name } = signatureOf(key)
  const raw = internals.convertSignature(signature, name)
  if (!raw) return false
  const protocol = (client as unknown as { _protocol: Protocol })._protocol
  const request = signed.subarray(4 + signed.readUInt32BE(0))
  const payload = Buffer.concat([request, text(Buffer.concat([text(name), text(raw)]))])
  const { write } = protocol._packetRW
  const packet = write.alloc(payload.length)
  packet.set(payload, write.allocStart)
  protocol._authsQueue.push('publickey')
  internals.sendPacket(protocol, write.finalize(packet))
  return true
}
