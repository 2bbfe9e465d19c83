import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** `unchecked`: the program, or the signer's public key, is not here. `by` and `reason` are the program's own words. */
export type SignatureCheck =
  | { readonly kind: 'good'; readonly by: string }
  | { readonly kind: 'bad'; readonly reason: string }
  | { readonly kind: 'unchecked'; readonly program: string }

/**
 * Checks a signature that Git's signing made of a text. It tells that whoever holds the key signed exactly this; whose
 * key it is, people compare themselves (`ssh-keygen -Y check-novalidate`, `gpg --verify`).
 */
export async function verifySignature(payload: string, signature: string): Promise<SignatureCheck> {
  const ssh = signature.startsWith('-----BEGIN SSH SIGNATURE')
  const program = ssh ? 'ssh-keygen' : signature.includes('BEGIN SIGNED MESSAGE') ? 'gpgsm' : 'gpg'
  const folder = await mkdtemp(join(tmpdir(), 'pilothouse-verify-'))
  try {
    const file = join(folder, 'signature')
    await writeFile(file, signature)
    const args = ssh ? ['-Y', 'check-novalidate', '-n', 'git', '-s', file] : ['--status-fd=1', '--verify', file, '-']
    const { code, text } = await run(program, args, payload)
    if (code === null) return { kind: 'unchecked', program }
    if (ssh) return code === 0 ? { kind: 'good', by: text.trim() } : { kind: 'bad', reason: lastLine(text) }
    const good = /^\[GNUPG:\] GOODSIG \S+ (.*)$/m.exec(text)
    if (good) return { kind: 'good', by: good[1]! }
    if (/^\[GNUPG:\] NO_PUBKEY /m.test(text)) return { kind: 'unchecked', program }
    return { kind: 'bad', reason: lastLine(text.replace(/^\[GNUPG:\].*\n?/gm, '')) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

/** A code of null: the program is not here. */
function run(program: string, args: readonly string[], input: string): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
    // A program that ends before it has read everything: its exit code says why.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.once('error', error => {
      if ('code' in error && error.code === 'ENOENT') resolve({ code: null, text: '' })
      else reject(error)
    })
    child.once('close', code => resolve({ code: code ?? 1, text }))
  })
}
