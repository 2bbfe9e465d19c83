import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { Identity } from '../../../needs/git-repository.ts'
import type { Configuration } from '../config/configuration.ts'
import { throwIfCancelled } from '../files/breathe.ts'
import type { GitEnvironment } from '../open/git-environment.ts'

export type SigningMethod = 'none' | 'ssh' | 'openpgp' | 'x509'

/** How commits of this clone are signed: `commit.gpgSign` and `gpg.format`. */
export function signingMethod(configuration: Configuration): SigningMethod {
  if (!configuration.boolean('commit.gpgsign', false)) return 'none'
  const format = configuration.get('gpg.format')?.toLowerCase() ?? 'openpgp'
  if (format === 'ssh' || format === 'openpgp' || format === 'x509') return format
  throw new AppError('invalid-input', 'git.unknownSigningFormat', { format })
}

/**
 * Signs a commit as git does (`gpg-interface.c`) with the program git would call; resolves with the armoured text, or
 * undefined when commits are not signed. Rejects when the program fails: the commit is then not written.
 */
export async function signCommit(
  payload: Buffer,
  committer: Identity,
  configuration: Configuration,
  environment: GitEnvironment,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const method = signingMethod(configuration)
  if (method === 'none') return undefined
  const key = configuration.get('user.signingkey') ?? ''
  if (method === 'ssh') return await signWithSsh(payload, key, configuration, environment, signal)
  const program =
    configuration.path(`gpg.${method}.program`) ??
    (method === 'openpgp' ? configuration.path('gpg.program') : null) ??
    (method === 'openpgp' ? 'gpg' : 'gpgsm')
  const result = await run(
    program,
    ['--status-fd=2', '-bsau', key || `${committer.name} <${committer.email}>`],
    payload,
    environment,
    signal,
  )
  if (result.code !== 0 || !/^\[GNUPG:\] SIG_CREATED /m.test(result.errors))
    throw failed(program, result.errors.replace(/^\[GNUPG:\].*\n?/gm, ''), result.code)
  return result.output.toString('latin1').replaceAll('\r\n', '\n')
}

async function signWithSsh(
  payload: Buffer,
  configured: string,
  configuration: Configuration,
  environment: GitEnvironment,
  signal: AbortSignal | undefined,
): Promise<string> {
  const program = configuration.path('gpg.ssh.program') ?? 'ssh-keygen'
  const key = configured || (await defaultSshKey(configuration, environment, signal))
  const literal = key.startsWith('key::') ? key.slice(5) : key.startsWith('ssh-') ? key : null
  const folder = await mkdtemp(join(tmpdir(), 'pilothouse-sign-'))
  try {
    const message = join(folder, 'message')
    await writeFile(message, payload)
    const file = literal === null ? configuration.path('user.signingkey')! : join(folder, 'key.pub')
    if (literal !== null) await writeFile(file, `${literal}\n`, { mode: 0o600 })
    const args = ['-Y', 'sign', '-n', 'git', '-f', file, ...(literal === null ? [] : ['-U']), message]
    const result = await run(program, args, null, environment, signal)
    if (result.code !== 0) throw failed(program, result.errors, result.code)
    const signature = await readFile(`${message}.sig`, 'latin1').catch((error: unknown) => {
      throw failed(program, result.errors, result.code, error)
    })
    return signature.replaceAll('\r\n', '\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `gpg.ssh.defaultKeyCommand`: its first line is a key. */
async function defaultSshKey(
  configuration: Configuration,
  environment: GitEnvironment,
  signal: AbortSignal | undefined,
): Promise<string> {
  const command = configuration.get('gpg.ssh.defaultkeycommand')
  if (!command) throw new AppError('invalid-input', 'git.noSigningKey')
  const result = await run('sh', ['-c', command], null, environment, signal)
  const line = result.output.toString('utf8').split('\n')[0]!.trim()
  if (result.code !== 0 || !(line.startsWith('ssh-') || line.startsWith('key::')))
    throw failed(command, result.errors, result.code)
  return line
}

type Finished = { readonly code: number | null; readonly output: Buffer; readonly errors: string }

async function run(
  program: string,
  args: readonly string[],
  input: Buffer | null,
  environment: GitEnvironment,
  signal: AbortSignal | undefined,
): Promise<Finished> {
  throwIfCancelled(signal)
  return await new Promise<Finished>((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...environment.variables },
      ...(signal ? { signal } : {}),
    })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    // A program that ends before it has read everything: its exit code says why.
    child.stdin.on('error', () => {})
    child.stdin.end(input ?? undefined)
    child.once('error', error => {
      if (signal?.aborted) reject(new AppError('cancelled', 'error.cancelled'))
      else reject(new AppError('invalid-input', 'git.signerNotFound', { program }, { cause: error }))
    })
    child.once('close', code =>
      resolve({ code, output: Buffer.concat(output), errors: Buffer.concat(errors).toString('utf8') }),
    )
  })
}

function failed(program: string, errors: string, code: number | null, cause?: unknown): AppError {
  const reason = errors.trim().split('\n').slice(-5).join(' · ').slice(0, 600) || `exit ${code}`
  return new AppError('invalid-input', 'git.signingFailed', { program, reason }, { cause })
}
