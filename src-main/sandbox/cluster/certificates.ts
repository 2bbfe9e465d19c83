import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate and its key as PEM texts. */
export type Certified = { readonly certificate: string; readonly key: string }

/** Issues certificates for the loopback server and for clients; made anew each time, and worth nothing elsewhere. */
export type Authority = {
  readonly certificate: string
  issueServer(): Certified
  /** A client's: common name is the user, organisations are its groups, as Kubernetes reads them. */
  issueClient(user: string, groups: readonly string[]): Certified
}

// ASN.1 in DER (ITU-T X.690), as much of it as an X.509 certificate (RFC 5280) needs.
const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
const sequence = (...parts: readonly Uint8Array[]) => tlv(0x30, ...parts)
const setOf = (...parts: readonly Uint8Array[]) => tlv(0x31, ...parts)
const integer = (bytes: Uint8Array) => tlv(0x02, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
const octets = (bytes: Uint8Array) => tlv(0x04, bytes)
const bits = (bytes: Uint8Array) => tlv(0x03, Buffer.concat([Buffer.from([0]), bytes]))
const text = (value: string) => tlv(0x0c, Buffer.from(value))
const yes = tlv(0x01, Buffer.from([0xff]))
const oid = (dotted: string) => {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return tlv(0x06, Buffer.from(bytes))
}
const moment = (time: Date) =>
  tlv(
    0x17,
    Buffer.from(
      `${time
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  )

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const name = (parts: readonly (readonly [oid: string, value: string])[]) =>
  sequence(...parts.map(([kind, value]) => setOf(sequence(oid(kind), text(value)))))
const commonName = '2.5.4.3'
const organisation = '2.5.4.10'
const extension = (kind: string, value: Uint8Array, critical = false) =>
  sequence(oid(kind), ...(critical ? [yes] : []), octets(value))
const pem = (label: string, der: Uint8Array) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END ${label}-----\n`

const day = 24 * 60 * 60 * 1000

/** `now` is the real time: whoever connects checks the dates by its own clock. */
export function createAuthority(now: number): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = name([[commonName, 'Pilothouse sandbox']])
  const keyId = (key: KeyObject) =>
    createHash('sha1')
      .update(key.export({ type: 'spki', format: 'der' }).subarray(-65))
      .digest()

  const issue = (subject: Uint8Array, key: KeyObject, extensions: readonly Uint8Array[]): string => {
    const body = sequence(
      tlv(0xa0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      ecdsaWithSha256,
      issuer,
      sequence(moment(new Date(now - day)), moment(new Date(now + 30 * day))),
      subject,
      key.export({ type: 'spki', format: 'der' }),
      tlv(0xa3, sequence(...extensions, extension('2.5.29.14', octets(keyId(key))))),
    )
    return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(sign('sha256', body, own.privateKey))))
  }
  const issueWithKey = (subject: Uint8Array, extensions: readonly Uint8Array[]): Certified => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const byIssuer = extension('2.5.29.35', sequence(tlv(0x80, keyId(own.publicKey))))
    return {
      certificate: issue(subject, pair.publicKey, [...extensions, byIssuer]),
      key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }
  const usage = (purpose: string) => extension('2.5.29.37', sequence(oid(purpose)))
  return {
    certificate: issue(issuer, own.publicKey, [
      extension('2.5.29.19', sequence(yes), true),
      extension('2.5.29.15', tlv(0x03, Buffer.from([1, 0x06])), true),
    ]),
    issueServer: () =>
      issueWithKey(name([[commonName, 'kube-apiserver']]), [
        usage('1.3.6.1.5.5.7.3.1'),
        extension('2.5.29.17', sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.from([127, 0, 0, 1])))),
      ]),
    issueClient: (user, groups) =>
      issueWithKey(name([...groups.map(group => [organisation, group] as const), [commonName, user]]), [
        usage('1.3.6.1.5.5.7.3.2'),
      ]),
  }
}
