import { createRequire } from 'node:module'
import type { Client, ServerHostKeyAlgorithm } from 'ssh2'
import { isCertificate } from './host-certificate.ts'
import { certificateSuffix, fieldsOfKey, WireReader, wireString } from './wire.ts'

/** Kinds of host certificates, in the order of OpenSSH's preference. */
export const certificateAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
].map(plain => `${plain}${certificateSuffix}`) as readonly string[] as readonly ServerHostKeyAlgorithm[]

const { SUPPORTED_SERVER_HOST_KEY }: { SUPPORTED_SERVER_HOST_KEY: string[] } = createRequire(import.meta.url)(
  'ssh2/lib/protocol/constants.js',
)
SUPPORTED_SERVER_HOST_KEY.push(...certificateAlgorithms)

type Exchange = { readonly negotiated: { serverHostKey: string }; _hostKey: Buffer; _sig: Buffer }

/**
 * Lets a connection that was just begun take a certificate for a host's key. Decision: ssh2 (its version is pinned) knows
 * none. The whole certificate is what both sides hash; the plain key in it is what signed. So the one takes the place of
 * the other when the hash is made and the signature is looked at, which ssh2 does in that order, once an exchange.
 */
export function takeHostCertificates(client: Client): void {
  const { _protocol: protocol } = client as unknown as { _protocol: { _kex: Exchange | undefined } }
  let exchange = protocol._kex
  Object.defineProperty(protocol, '_kex', {
    get: () => exchange,
    set(next: Exchange) {
      exchange = next
      if (isCertificate(next.negotiated.serverHostKey)) takeInExchange(next)
    },
  })
}

function takeInExchange(exchange: Exchange): void {
  const { negotiated } = exchange
  const signs = negotiated.serverHostKey.slice(0, -certificateSuffix.length)
  // An RSA certificate does not name the hash in its own type.
  if (signs.startsWith('rsa-')) negotiated.serverHostKey = `ssh-rsa${certificateSuffix}`
  let signature: Buffer | undefined
  Object.defineProperty(exchange, '_sig', {
    get() {
      if (isCertificate(negotiated.serverHostKey)) {
        exchange._hostKey = plainKey(exchange._hostKey)
        negotiated.serverHostKey = signs
      }
      return signature
    },
    set(given: Buffer) {
      signature = given
    },
  })
}

/** The key a certificate is on, in the wire form it would have alone. */
function plainKey(certificate: Buffer): Buffer {
  const wire = new WireReader(certificate)
  const plain = wire.text().slice(0, -certificateSuffix.length)
  wire.string()
  const from = wire.at
  for (let field = 0; field < (fieldsOfKey[plain] ?? 0); field++) wire.string()
  return Buffer.concat([wireString(plain), certificate.subarray(from, wire.at)])
}
