import type { JsonObject } from '../../../shared/manifests/manifest.ts'
import type { Certified } from './certificates.ts'

export type Login = {
  /** Name of the context and of its user. */
  readonly name: string
  readonly token?: string
  readonly certified?: Certified
  readonly namespace?: string
}

/** The extension that says that a context is simulated. */
export const sandboxExtension = 'pilothouse.dev/sandbox'

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A kubeconfig as JSON, which is YAML too; the first login is the current one. */
export function kubeconfigText(server: string, authority: string, logins: readonly Login[]): string {
  const extensions = [{ name: sandboxExtension, extension: { sandbox: true } }]
  const config: JsonObject = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server, 'certificate-authority-data': base64(authority), extensions } }],
    users: logins.map(({ name, token, certified }) => ({
      name,
      user: {
        ...(token !== undefined && { token }),
        ...(certified && {
          'client-certificate-data': base64(certified.certificate),
          'client-key-data': base64(certified.key),
        }),
      },
    })),
    contexts: logins.map(({ name, namespace }) => ({
      name,
      context: { cluster: 'sandbox', user: name, ...(namespace !== undefined && { namespace }), extensions },
    })),
    'current-context': logins[0]?.name ?? '',
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
