import type { HostDescription } from '../../shared/host/contract.ts'
import type { Documents } from './documents.ts'
import type { Secrets } from './secrets.ts'

/** What only a shell can do, given to the core when it starts. */
export interface Host {
  readonly description: HostDescription
  readonly documents: Documents
  readonly secrets: Secrets
  /** Where clusters are named; absent: the person's own kubeconfig, as kubectl finds it. */
  readonly kubeconfigFiles?: readonly string[]
  /** Home folder and `ssh_config` files that alone are used; absent: the person's own, as ssh finds them. */
  readonly ssh?: { readonly home: string; readonly configFiles: readonly string[] }
  pickFolder(): Promise<string | null>
  openExternal(url: string): Promise<void>
  /** Logs a bug in full (after redaction). */
  report(error: unknown): void
}
