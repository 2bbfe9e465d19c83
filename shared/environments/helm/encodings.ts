/** Encodings and checksums of Sprig. Pure and immediate, as the platform's own digests are not. */

const base64Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const encodeBits = (bytes: Uint8Array, letters: string, bits: number, group: number): string => {
  let out = ''
  let kept = 0
  let held = 0
  for (const byte of bytes) {
    kept = (kept << 8) | byte
    held += 8
    while (held >= bits) {
      held -= bits
      out += letters[(kept >> held) & (2 ** bits - 1)]
    }
    kept &= 2 ** held - 1
  }
  if (held > 0) out += letters[(kept << (bits - held)) & (2 ** bits - 1)]
  return out.padEnd(Math.ceil(out.length / group) * group, '=')
}

/** Undefined for text that is not in this encoding. */
const decodeBits = (text: string, letters: string, bits: number, group: number): Uint8Array | undefined => {
  const plain = text.replace(/[\r\n]/g, '')
  if (plain.length % group !== 0) return undefined
  const bytes: number[] = []
  let kept = 0
  let held = 0
  for (const letter of plain.replace(/=+$/, '')) {
    const value = letters.indexOf(letter)
    if (value < 0) return undefined
    kept = (kept << bits) | value
    held += bits
    if (held >= 8) {
      held -= 8
      bytes.push((kept >> held) & 255)
      kept &= 2 ** held - 1
    }
  }
  return Uint8Array.from(bytes)
}

export const encodeBase64 = (text: string): string => encodeBits(new TextEncoder().encode(text), base64Letters, 6, 4)
export const encodeBase32 = (text: string): string => encodeBits(new TextEncoder().encode(text), base32Letters, 5, 8)
const decoded = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes)
export const decodeBase64 = (text: string): string | undefined => decoded(decodeBits(text, base64Letters, 6, 4))
export const decodeBase32 = (text: string): string | undefined => decoded(decodeBits(text, base32Letters, 5, 8))

/** RFC 1950, 9. In decimal, as Sprig prints it. */
export function adler32(text: string): string {
  let a = 1
  let b = 0
  for (const byte of new TextEncoder().encode(text)) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return String(((b << 16) | a) >>> 0)
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

/** SHA-1 (FIPS 180-4, 6.1) in hexadecimal. */
export function sha1(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0)
  const hash = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0)
  const words = new Int32Array(80)
  for (let block = 0; block < padded.length; block += 64) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getInt32(block + index * 4)
    for (let index = 16; index < 80; index += 1)
      words[index] = rotate(words[index - 3]! ^ words[index - 8]! ^ words[index - 14]! ^ words[index - 16]!, 1)
    let a = hash[0]!
    let b = hash[1]!
    let c = hash[2]!
    let d = hash[3]!
    let e = hash[4]!
    for (let index = 0; index < 80; index += 1) {
      const round = Math.floor(index / 20)
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
      const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round]!
      const next = (rotate(a, 5) + mixed + e + constant + words[index]!) | 0
      e = d
      d = c
      c = rotate(b, 30)
      b = a
      a = next
    }
    for (const [index, value] of [a, b, c, d, e].entries()) hash[index] = hash[index]! + value
  }
  return [...hash].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

const word64 = (1n << 64n) - 1n

/** Whole part of the n-th root of value · 2^(64·n), so that its low 64 bits are the root's fraction. */
function rootFraction(value: bigint, power: bigint): bigint {
  const target = value << (64n * power)
  let low = 0n
  let high = 1n << 70n
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (middle ** power <= target) low = middle
    else high = middle - 1n
  }
  return low & word64
}

function firstPrimes(count: number): bigint[] {
  const found: bigint[] = []
  for (let candidate = 2n; found.length < count; candidate += 1n)
    if (found.every(prime => candidate % prime !== 0n)) found.push(candidate)
  return found
}

let constants512: { readonly round: readonly bigint[]; readonly initial: readonly bigint[] } | undefined

/** SHA-512 (FIPS 180-4, 6.4) in hexadecimal. */
export function sha512(text: string): string {
  if (!constants512) {
    const primes = firstPrimes(80)
    constants512 = {
      round: primes.map(prime => rootFraction(prime, 3n)),
      initial: primes.slice(0, 8).map(prime => rootFraction(prime, 2n)),
    }
  }
  const { round, initial } = constants512
  const bytes = new TextEncoder().encode(text)
  const padded = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n)
  const turn = (value: bigint, by: bigint): bigint => ((value >> by) | (value << (64n - by))) & word64
  const hash = [...initial]
  const words: bigint[] = new Array(80).fill(0n)
  for (let block = 0; block < padded.length; block += 128) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getBigUint64(block + index * 8)
    for (let index = 16; index < 80; index += 1) {
      const x = words[index - 15]!
      const y = words[index - 2]!
      const small = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)
      const large = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n)
      words[index] = (words[index - 16]! + small + words[index - 7]! + large) & word64
    }
    let [a, b, c, d, e, f, g, h] = hash as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
    for (let index = 0; index < 80; index += 1) {
      const first =
        h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & word64 & g)) + round[index]! + words[index]!
      const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = (d + first) & word64
      d = c
      c = b
      b = a
      a = (first + second) & word64
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) hash[index] = (hash[index]! + value) & word64
  }
  return hash.map(word => word.toString(16).padStart(16, '0')).join('')
}
