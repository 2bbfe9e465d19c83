import type { AskHelm, HelmRequest } from '../../../shared/environments/helm/helm-request.ts'
import { sha256 } from '../../../shared/environments/kustomize/sha256.ts'
import type { Helm } from '../../needs/helm.ts'

const mostKept = 2_000

/**
 * What Helm made of releases, by all that it was asked with. Rendering asks in passing and goes on without an answer;
 * `answer` then has Helm asked, and what is rendered after that has it.
 */
export class ChartRenderer {
  readonly #helm: Helm
  readonly #answers = new Map<string, string | null>()
  readonly #open = new Map<string, HelmRequest>()
  #isInstalled = false

  constructor(helm: Helm) {
    this.#helm = helm
  }

  /** Whether asking is of any use. */
  async isInstalled(): Promise<boolean> {
    this.#isInstalled = await this.#helm.isInstalled()
    return this.#isInstalled
  }

  readonly ask: AskHelm = request => {
    if (!this.#isInstalled) return undefined
    const key = keyOf(request)
    const known = this.#answers.get(key)
    if (known === undefined) this.#open.set(key, request)
    return known
  }

  /** Has Helm answer what was asked since. */
  async answer(signal: AbortSignal): Promise<void> {
    for (const [key, request] of [...this.#open]) {
      this.#answers.set(key, await this.#helm.template(request, signal))
      this.#open.delete(key)
      if (this.#answers.size > mostKept) this.#answers.delete(this.#answers.keys().next().value!)
    }
  }
}

const keyOf = (request: HelmRequest): string => sha256(JSON.stringify({ ...request, files: [...request.files] }))
