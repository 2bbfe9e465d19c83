import type { ClusterContext } from '../../needs/cluster.ts'

/** A cluster of a kubeconfig; files are absolute. */
export type ClusterEntry = {
  readonly server: string
  readonly caFile?: string
  /** Base64, as in the file. */
  readonly caData?: string
  readonly insecure: boolean
  /** The name the certificate must carry, where it is not the host's. */
  readonly serverName?: string
  readonly proxyUrl?: string
  readonly compress: boolean
  /** What an exec plugin is given of it, when it wants to know. */
  readonly execConfig?: unknown
}

export type ExecEntry = {
  readonly apiVersion: string
  /** Absolute where it was written with a slash, else looked for on the path. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: { readonly [name: string]: string }
  readonly installHint: string
  readonly wantsCluster: boolean
}

/** A user of a kubeconfig: secrets, so it goes nowhere but into requests. */
export type UserEntry = {
  readonly certFile?: string
  readonly certData?: string
  readonly keyFile?: string
  readonly keyData?: string
  readonly token?: string
  readonly tokenFile?: string
  readonly username?: string
  readonly password?: string
  /** Headers that act for somebody else, as `--as` does. */
  readonly impersonate: { readonly [header: string]: string | readonly string[] }
  readonly exec?: ExecEntry
  /** `oidc`, and the retired `gcp` and `azure`. */
  readonly authProvider?: { readonly name: string; readonly config: { readonly [name: string]: string } }
}

export type ContextEntry = {
  readonly context: ClusterContext
  readonly cluster: ClusterEntry
  readonly user: UserEntry
}
