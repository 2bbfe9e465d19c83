import type { Architecture } from '../edge/edge-schema.ts'
import { canRun } from './architecture.ts'

/** An image of a registry: where it is asked for, by which name, and by which digest. */
export type ImageReference = { readonly registry: string; readonly name: string; readonly digest: string }

/**
 * Reads `name@sha256:…` as Docker does (distribution/reference): what comes before the first slash is a registry where
 * it has a dot or a port or is `localhost`; else the image is Docker Hub's, and one without a slash is in `library`.
 */
export function parseImageReference(text: string): ImageReference | null {
  const [, full, digest] = /^([^@\s]+)@(sha256:[0-9a-f]{64})$/.exec(text) ?? []
  if (full === undefined || digest === undefined) return null
  const slash = full.indexOf('/')
  const first = slash < 0 ? '' : full.slice(0, slash)
  const hasRegistry = first === 'localhost' || /[.:]/.test(first)
  const name = (hasRegistry ? full.slice(slash + 1) : full).replace(/:[^:/]*$/, '')
  if (name === '') return null
  const isHub = !hasRegistry || first === 'docker.io' || first === 'index.docker.io'
  return {
    registry: isHub ? 'registry-1.docker.io' : first,
    name: isHub && !name.includes('/') ? `library/${name}` : name,
    digest,
  }
}

/** The architectures an image can be run on under Linux, by OCI's names; null where it does not say. */
export type ImageArchitectures = readonly string[] | null

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What an image is made for, from any of the forms it is told in: an index (OCI image-spec, image-index; Docker's
 * manifest list), a configuration, what `docker manifest inspect --verbose` or `skopeo inspect` prints.
 */
export function imageArchitectures(told: unknown): ImageArchitectures {
  const found = new Set<string>()
  for (const one of Array.isArray(told)
    ? told
    : isObject(told) && Array.isArray(told['manifests'])
      ? told['manifests']
      : [told]) {
    if (!isObject(one)) continue
    const descriptor = isObject(one['Descriptor']) ? one['Descriptor'] : one
    const platform = isObject(descriptor['platform']) ? descriptor['platform'] : descriptor
    const architecture = platform['architecture'] ?? platform['Architecture']
    const os = platform['os'] ?? platform['Os'] ?? 'linux'
    if (typeof architecture === 'string' && /^[a-z0-9_]{1,20}$/.test(architecture) && os === 'linux')
      found.add(architecture)
  }
  return found.size === 0 ? null : [...found].sort()
}

/** May an image be run on a node? Also true where nobody said what it is made for. */
export const imageRunsOn = (architectures: ImageArchitectures, node: Architecture | null): boolean =>
  architectures === null || node === null || architectures.some(one => canRun(node, one as Architecture))
