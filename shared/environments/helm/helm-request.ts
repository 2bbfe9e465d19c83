/** What `helm template` needs to render a release: nothing it does not say is read. */
export type HelmRequest = {
  readonly name: string
  readonly namespace: string | null
  /** Texts by path; the chart's folder is among the paths. A packed chart is unpacked into a folder of its name. */
  readonly files: ReadonlyMap<string, string>
  readonly chart: string
  /** Texts of values files, the later ones win. */
  readonly values: readonly string[]
  readonly set: readonly string[]
  readonly setString: readonly string[]
}

/** What Helm prints for it; null where Helm refuses or is not here; undefined while nobody has asked it. */
export type AskHelm = (request: HelmRequest) => string | null | undefined
