import type { HelmRequest } from '../../shared/environments/helm/helm-request.ts'

/** The `helm` command of this machine. */
export interface Helm {
  /** Asked once: who installs it starts again. */
  isInstalled(): Promise<boolean>
  /**
   * Renders a chart from the files of the request alone and without network. Null where Helm refuses it or takes too
   * long. Rejects with the signal's reason when that is aborted.
   */
  template(request: HelmRequest, signal: AbortSignal): Promise<string | null>
}
