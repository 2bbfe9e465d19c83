import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import type { ContextEntry } from './kubeconfig-entries.ts'

const account = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The cluster of the Pod this runs in, as its service account; null elsewhere. */
export async function inClusterContext(
  current: boolean,
  environment: NodeJS.ProcessEnv = process.env,
  folder = account,
): Promise<ContextEntry | null> {
  const host = environment['KUBERNETES_SERVICE_HOST']
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443'
  if (host === undefined || host === '') return null
  const read = (file: string) => readFile(`${folder}/${file}`, 'utf8').catch(() => null)
  const [token, namespace] = await Promise.all([read('token'), read('namespace')])
  if (token === null) return null
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
  return {
    context: {
      name: 'in-cluster',
      cluster: 'in-cluster',
      user: 'service-account',
      namespace: namespace?.trim() || null,
      server,
      file: 'in-cluster',
      current,
      sandbox: false,
    },
    cluster: { server, caFile: `${folder}/ca.crt`, insecure: false, compress: true },
    user: { tokenFile: `${folder}/token`, impersonate: {} },
  }
}
