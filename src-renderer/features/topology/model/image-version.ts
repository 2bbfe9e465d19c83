import { imageReference } from '../../../../shared/manifests/image-reference.ts'

/** What tells two versions of an image apart in few characters: the tag, else the start of the digest, else nothing. */
export function imageVersion(image: string): string | null {
  const { tag, digest } = imageReference(image)
  return tag ?? (digest ? digest.replace(/^[^:]*:/, '').slice(0, 8) : null)
}

/** The same image at another tag; a digest is dropped, since it names the old bytes. */
export function withTag(image: string, tag: string): string {
  return `${imageReference(image).repository}:${tag}`
}
