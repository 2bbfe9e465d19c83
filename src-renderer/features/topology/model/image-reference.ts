export type ImageReference = {
  /** Registry and path, e.g. `ghcr.io/acme/checkout`. */
  readonly repository: string
  /** The last part of the path, e.g. `checkout`. */
  readonly name: string
  readonly tag: string | null
  /** With its algorithm, e.g. `sha256:9f…`. */
  readonly digest: string | null
}

/** Splits `[registry[:port]/]path[:tag][@digest]` (distribution/reference grammar). */
export function imageReference(image: string): ImageReference {
  const [named = '', digest = null] = image.split('@', 2)
  const slash = named.lastIndexOf('/')
  const colon = named.indexOf(':', slash + 1)
  const repository = colon < 0 ? named : named.slice(0, colon)
  return {
    repository,
    name: repository.slice(repository.lastIndexOf('/') + 1),
    tag: colon < 0 ? null : named.slice(colon + 1),
    digest: digest ?? null,
  }
}

/** What tells two versions of an image apart in few characters: the tag, else the start of the digest, else nothing. */
export function imageVersion(image: string): string | null {
  const { tag, digest } = imageReference(image)
  return tag ?? (digest ? digest.replace(/^[^:]*:/, '').slice(0, 8) : null)
}

/** The same image at another tag; a digest is dropped, since it names the old bytes. */
export function withTag(image: string, tag: string): string {
  return `${imageReference(image).repository}:${tag}`
}
