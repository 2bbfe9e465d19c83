import { createHmac } from 'node:crypto'
import { matchesPatterns } from './match-pattern.ts'

/** One line of a known_hosts file that says something about a key. */
export type KnownHost = {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly marker: 'revoked' | 'cert-authority' | null
  /** As written: `a,b`, patterns, or `|1|salt|hash`. */
  readonly names: string
  readonly algorithm: string
  /** The key's wire form. */
  readonly key: Buffer
}

export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** Another key of the same algorithm is on file: the host was set up anew, or somebody is in between. */
  | { readonly kind: 'changed'; readonly file: string; readonly line: number }
  /** Only keys of other algorithms are on file. */
  | { readonly kind: 'other-algorithm'; readonly file: string; readonly line: number }
  | { readonly kind: 'revoked'; readonly file: string; readonly line: number }

/** Reads the format of `sshd(8)`, SSH_KNOWN_HOSTS FILE FORMAT. Lines that are not in it are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const found: KnownHost[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const words = line.split(/\s+/)
    const marker = words[0]!.startsWith('@') ? words.shift()!.slice(1) : null
    const [names, algorithm, key] = words
    if (names === undefined || algorithm === undefined || key === undefined) continue
    if (marker !== null && marker !== 'revoked' && marker !== 'cert-authority') continue
    found.push({ file, line: index + 1, marker, names, algorithm, key: Buffer.from(key, 'base64') })
  }
  return found
}

/** How a host is written in the file: bare on port 22, `[host]:port` elsewhere. */
export const hostName = (host: string, port: number): string => (port === 22 ? host : `[${host}]:${port}`)

/** True when the names of a line mean this host, hashed (HMAC-SHA1 of the name under the salt) or in the open. */
export function namesHost(names: string, name: string): boolean {
  if (!names.startsWith('|1|')) return matchesPatterns(names.split(','), name)
  const [, , salt, hash] = names.split('|')
  if (salt === undefined || hash === undefined) return false
  const mine = createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest()
  return mine.equals(Buffer.from(hash, 'base64'))
}

/** Algorithm name at the head of a key's wire form. */
export const keyAlgorithm = (key: Buffer): string => key.toString('latin1', 4, 4 + key.readUInt32BE(0))

/** What the files say about a key offered by a host. A revocation anywhere wins over everything. */
export function judgeHostKey(known: readonly KnownHost[], name: string, key: Buffer): HostKeyVerdict {
  const lines = known.filter(entry => namesHost(entry.names, name))
  const revoked = lines.find(entry => entry.marker === 'revoked' && entry.key.equals(key))
  if (revoked) return { kind: 'revoked', file: revoked.file, line: revoked.line }
  // The key of a certificate authority signs host certificates; it is never a host's own key.
  const plain = lines.filter(entry => entry.marker === null)
  if (plain.some(entry => entry.key.equals(key))) return { kind: 'known' }
  const algorithm = keyAlgorithm(key)
  const same = plain.find(entry => entry.algorithm === algorithm)
  if (same) return { kind: 'changed', file: same.file, line: same.line }
  const other = plain[0]
  return other ? { kind: 'other-algorithm', file: other.file, line: other.line } : { kind: 'unknown' }
}

/** The line that has hosts of this name shown by certificates of an authority; with `authority`, of this one. */
export function authorityLine(
  known: readonly KnownHost[],
  names: readonly string[],
  authority?: Buffer,
): KnownHost | undefined {
  return known.find(
    entry =>
      entry.marker === 'cert-authority' &&
      names.some(name => namesHost(entry.names, name)) &&
      (authority === undefined || entry.key.equals(authority)),
  )
}

/** Algorithms of the keys on file for a host: to be asked for first, so that the host shows a key that can be checked. */
export const knownAlgorithms = (known: readonly KnownHost[], name: string): readonly string[] => [
  ...new Set(
    known.filter(entry => entry.marker === null && namesHost(entry.names, name)).map(entry => entry.algorithm),
  ),
]

/** A line for the file; with `salt` (20 random bytes) the name is hashed. */
export function knownHostLine(name: string, key: Buffer, salt?: Buffer): string {
  const names = salt
    ? `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name.toLowerCase()).digest('base64')}`
    : name
  return `${names} ${keyAlgorithm(key)} ${key.toString('base64')}\n`
}
