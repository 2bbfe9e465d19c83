import { readFile } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import { isMissing } from './is-missing.ts'

/** A key on disk, as far as it can be known without its passphrase. */
export type KeyFile =
  | { readonly file: string; readonly kind: 'open'; readonly key: ParsedKey }
  /** `publicKey` null: an old format, which hides its public half too. */
  | { readonly file: string; readonly kind: 'locked'; readonly publicKey: ParsedKey | null }
  /** An IdentityFile may name a public key; then only an agent can hold the private half. */
  | { readonly file: string; readonly kind: 'public'; readonly publicKey: ParsedKey }
  | { readonly file: string; readonly kind: 'unusable'; readonly problem: string }

const one = (parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error =>
  Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed

/** Null: there is no such file. Reads a key file and the public half beside it (or inside it), so that a host can be asked before a person is. */
export async function readKeyFile(file: string): Promise<KeyFile | null> {
  let data: Buffer
  try {
    data = await readFile(file)
  } catch (error) {
    if (isMissing(error)) return null
    return {
      file,
      kind: 'unusable',
      problem: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable',
    }
  }
  const parsed = one(ssh2.utils.parseKey(data))
  if (!(parsed instanceof Error))
    return parsed.isPrivateKey() ? { file, kind: 'open', key: parsed } : { file, kind: 'public', publicKey: parsed }
  if (!/no passphrase given/i.test(parsed.message)) return { file, kind: 'unusable', problem: parsed.message }
  return { file, kind: 'locked', publicKey: publicHalf(data) ?? (await besideIt(file)) }
}

/** Unlocks a key. Null: that is not its passphrase. */
export async function unlockKeyFile(file: string, passphrase: string): Promise<ParsedKey | null> {
  const parsed = one(ssh2.utils.parseKey(await readFile(file), passphrase))
  return parsed instanceof Error ? null : parsed
}

async function besideIt(file: string): Promise<ParsedKey | null> {
  try {
    const parsed = one(ssh2.utils.parseKey(await readFile(`${file}.pub`)))
    return parsed instanceof Error ? null : parsed
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const opensshMagic = 'openssh-key-v1\0'

/** OpenSSH's own format keeps the public half in the open: magic, cipher, kdf, kdf options, count, public key. */
function publicHalf(data: Buffer): ParsedKey | null {
  const match = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(data.toString('latin1'))
  if (!match) return null
  const blob = Buffer.from(match[1]!, 'base64')
  if (blob.toString('latin1', 0, opensshMagic.length) !== opensshMagic) return null
  let at = opensshMagic.length
  const field = (): Buffer | null => {
    if (at + 4 > blob.length) return null
    const length = blob.readUInt32BE(at)
    const value = blob.subarray(at + 4, at + 4 + length)
    at += 4 + length
    return value.length === length ? value : null
  }
  if (field() === null || field() === null || field() === null) return null
  at += 4
  const key = field()
  const parsed = key && one(ssh2.utils.parseKey(key))
  return parsed && !(parsed instanceof Error) ? parsed : null
}
