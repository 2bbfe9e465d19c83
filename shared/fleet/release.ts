import type { EdgeService } from '../edge/read-edge.ts'
import { artifactPath, unitFile, unitName } from './unit-file.ts'

/** A file of a release: where it lies in it, its permissions in octal, and what it holds. */
export type ReleaseFile = {
  readonly path: string
  readonly mode: string
  readonly sha256: string
  readonly size: number
}
/** A file with its bytes, read when they are needed. */
export type ContentFile = ReleaseFile & { readonly bytes: () => Promise<Uint8Array> }

/** One release of a service: its files and its unit. Its digest is the SHA-256 of its manifest. */
export type Release<File extends ReleaseFile = ReleaseFile> = {
  readonly service: string
  readonly version?: string
  readonly digest: string
  readonly files: readonly File[]
  readonly unit: string
  readonly image?: string
  readonly unpack: boolean
}

export type Hash = (bytes: Uint8Array) => string

/**
 * What a service comes to below `base`: the artifact, its further files and its unit. The manifest (one line a file:
 * SHA-256, permissions, path) is what the digest is of, so the same declaration is the same release on every node.
 */
export function makeRelease(
  service: EdgeService,
  base: string,
  artifact: ContentFile | null,
  files: readonly ContentFile[],
  hash: Hash,
): Release<ContentFile> {
  const unit = unitFile(service, `${base}/${service.name}`)
  const bytes = new TextEncoder().encode(unit)
  const own: ContentFile = {
    path: unitName(service.name),
    mode: '644',
    sha256: hash(bytes),
    size: bytes.length,
    bytes: async () => bytes,
  }
  const all = [...(artifact ? [artifact] : []), ...files, own].sort((a, b) => (a.path < b.path ? -1 : 1))
  const { version } = service
  return {
    service: service.name,
    ...(version !== undefined && { version }),
    digest: hash(new TextEncoder().encode(manifestText(all))),
    files: all,
    unit,
    ...(service.artifact.image !== undefined && { image: service.artifact.image }),
    unpack: service.artifact.unpack === true,
  }
}

/** One line a file: `<sha256> <mode> <path>`. */
export const manifestText = (files: readonly ReleaseFile[]): string =>
  files.map(({ sha256, mode, path }) => `${sha256} ${mode} ${path}\n`).join('')

/** Where a release keeps the artifact; null for an image. */
export const artifactIn = (service: EdgeService): string | null => artifactPath(service)
