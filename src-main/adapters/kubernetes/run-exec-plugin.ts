import { spawn } from 'node:child_process'
import { AppError } from '../../../shared/errors.ts'
import type { Json } from '../../../shared/manifests/manifest.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import { REDACTED, redact } from '../../../shared/topology/redact.ts'
import type { ClusterEntry, ExecEntry } from './kubeconfig-entries.ts'

/** What a plugin hands out. `expires` is in milliseconds since the epoch, null where it does not say. */
export type ExecCredential = {
  readonly token: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly expires: number | null
}

/** Milliseconds a plugin may take: some open a browser to sign in with. */
const patience = 120_000

/**
 * Runs a kubeconfig's exec plugin for a credential. What it writes to stdout is a secret and is in no error; of stderr
 * the last line is told, without what looks like a token.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function runExecPlugin(
  exec: ExecEntry,
  cluster: ClusterEntry,
  signal: AbortSignal,
): Promise<ExecCredential> {
  const { command } = exec
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.wantsCluster && { cluster: told(cluster) }) },
  }
  const late = AbortSignal.timeout(patience)
  const { code, stdout, stderr } = await new Promise<{ code: number | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      const child = spawn(command, exec.args, {
        env: { ...process.env, ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
        stdio: ['ignore', 'pipe', 'pipe'],
        signal: AbortSignal.any([signal, late]),
        windowsHide: true,
      })
      const text = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (part: string) => {
          text[name] += part
        })
      child.once('error', reject)
      child.once('close', status => resolve({ code: status, ...text }))
    },
  ).catch((error: unknown) => {
    if (signal.aborted) throw new AppError('cancelled', 'error.cancelled', {}, { cause: error })
    if (late.aborted) throw new AppError('unauthorized', 'cluster.pluginSlow', { command, seconds: patience / 1000 })
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (reason === 'ENOENT')
      throw new AppError('unauthorized', 'cluster.pluginMissing', { command, hint: exec.installHint.trim() })
    throw new AppError('unauthorized', 'cluster.pluginFailed', { command, reason })
  })
  if (code !== 0)
    throw new AppError('unauthorized', 'cluster.pluginFailed', { command, reason: lastLine(stderr) || `exit ${code}` })
  let answer: Json
  try {
    answer = JSON.parse(stdout) as Json
  } catch {
    throw new AppError('unauthorized', 'cluster.pluginNoCredential', { command })
  }
  const token = textAt(answer, 'status', 'token')
  const cert = textAt(answer, 'status', 'clientCertificateData')
  const key = textAt(answer, 'status', 'clientKeyData')
  if (token === undefined && (cert === undefined || key === undefined))
    throw new AppError('unauthorized', 'cluster.pluginNoCredential', { command })
  const expires = Date.parse(textAt(answer, 'status', 'expirationTimestamp') ?? '')
  return { token, cert, key, expires: Number.isNaN(expires) ? null : expires }
}

const told = (cluster: ClusterEntry) => ({
  server: cluster.server,
  ...(cluster.serverName !== undefined && { 'tls-server-name': cluster.serverName }),
  ...(cluster.insecure && { 'insecure-skip-tls-verify': true }),
  ...(cluster.caData !== undefined && { 'certificate-authority-data': cluster.caData }),
  ...(cluster.proxyUrl !== undefined && { 'proxy-url': cluster.proxyUrl }),
  ...(cluster.execConfig !== undefined && { config: cluster.execConfig }),
})

/** The last line that says something, without what is or looks like a token. */
function lastLine(text: string): string {
  const line = text.split('\n').findLast(each => each.trim() !== '') ?? ''
  return redact(line.trim())
    .replaceAll(/[A-Za-z0-9_+=-]{20,}(\.[A-Za-z0-9_+=-]+)*/g, REDACTED)
    .slice(0, 300)
}
