export type ImageReference = {
  /** Registry and path: `localhost:5000/team/app`. */
  readonly repository: string
  /** The last part of the path: `app`. */
  readonly name: string
  /** Null when none is written. */
  readonly tag: string | null
  /** With its algorithm: `sha256:9f…`; null when none is written. */
  readonly digest: string | null
}

/**
 * Splits an image as the OCI distribution grammar does: `[registry[:port]/]path[:tag][@digest]`. A colon before the
 * last slash belongs to a registry's port.
 */
export function imageReference(image: string): ImageReference {
  const [named = '', digest = null] = image.split('@', 2)
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  const repository = colon < 0 ? named : named.slice(0, colon)
  return {
    repository,
    name: repository.slice(repository.lastIndexOf('/') + 1),
    tag: colon < 0 ? null : named.slice(colon + 1),
    digest,
  }
}
