import type { ImageArchitectures } from '../../shared/fleet/image-platforms.ts'

/** Files that are brought to nodes, and what it takes to bring them. */
export interface Artifacts {
  /**
   * A file below a folder of this machine. Rejects `not-found`; `invalid-input` for one that a link leads out of the
   * folder.
   */
  read(directory: string, path: string): Promise<Uint8Array>
  /** What an address answers, kept by its SHA-256. Rejects `unreachable`, and `conflict` when it is something else. */
  fetch(url: string, sha256: string, signal: AbortSignal): Promise<Uint8Array>
  /** What an image (`name@sha256:…`) is made for, as its registry says; null where this machine cannot know. */
  imageMadeFor(image: string, signal: AbortSignal): Promise<ImageArchitectures>
  /** SHA-256 as 64 lower-case hexadecimal digits. */
  hash(bytes: Uint8Array): string
  compress(how: 'gzip' | 'zstd', parts: readonly Uint8Array[]): Promise<Uint8Array>
  gunzip(bytes: Uint8Array): Promise<Uint8Array>
}
