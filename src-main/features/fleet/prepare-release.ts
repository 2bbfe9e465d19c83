import type { EdgeService } from '../../../shared/edge/read-edge.ts'
import { AppError } from '../../../shared/errors.ts'
import { programKind } from '../../../shared/fleet/architecture.ts'
import { assemble } from '../../../shared/fleet/assembly.ts'
import { type Chunk, cutChunks, type FileChunks } from '../../../shared/fleet/chunks.ts'
import type { ImageArchitectures } from '../../../shared/fleet/image-platforms.ts'
import type { ReleasePrograms } from '../../../shared/fleet/plan.ts'
import { programsInTar } from '../../../shared/fleet/programs-in-tar.ts'
import { artifactIn, type ContentFile, makeRelease, type Release } from '../../../shared/fleet/release.ts'
import type { Artifacts } from '../../needs/artifacts.ts'
import { compressOnce, makePack, type Pack } from './make-pack.ts'

/** A service ready to be brought to any number of nodes: read once, packed once for each release found there. */
export type Prepared = {
  readonly service: EdgeService
  readonly programs: ReleasePrograms
  /** What its image is made for, where it is one and its registry tells this machine. */
  readonly imageMadeFor: ImageArchitectures
  /** The release below `/opt/pilothouse` of a node, which its unit names. */
  releaseFor(base: string): Promise<Release<ContentFile>>
  packFor(
    release: Release<ContentFile>,
    base: string,
    blocks: () => Promise<string>,
    read: (text: string) => readonly FileChunks[],
  ): Promise<Pack>
  /** What a node sent as hexadecimal digits of gzip. */
  unzip(hexadecimal: string): Promise<string>
}

/** Reads artifact and files of a service. Rejects when one is missing or is not what its SHA-256 says. */
export async function prepareRelease(
  service: EdgeService,
  directory: string,
  artifacts: Artifacts,
  signal: AbortSignal,
): Promise<Prepared> {
  const artifact = await readArtifact(service, directory, artifacts, signal)
  const files = await Promise.all(
    (service.files ?? []).map(async ({ path, content, source, mode = '0644' }): Promise<ContentFile> => {
      const bytes =
        source === undefined ? new TextEncoder().encode(content ?? '') : await artifacts.read(directory, source)
      return {
        path,
        mode: mode.replace(/^0/, ''),
        sha256: artifacts.hash(bytes),
        size: bytes.length,
        bytes: async () => bytes,
      }
    }),
  )
  const { image } = service.artifact
  const releases = new Map<string, Promise<Release<ContentFile>>>()
  const packs = new Map<string, Promise<Pack>>()
  const chunks = new Map<string, Promise<readonly Chunk[]>>()
  const chunksOf = ({ sha256, bytes }: ContentFile): Promise<readonly Chunk[]> => {
    const cutting = chunks.get(sha256) ?? bytes().then(read => cutChunks(read, artifacts.hash))
    chunks.set(sha256, cutting)
    return cutting
  }
  const means = { hash: artifacts.hash, compress: compressOnce(artifacts.compress) }
  return {
    service,
    programs: artifact ? await programsIn(service, artifact, files) : [],
    imageMadeFor: image === undefined ? null : await artifacts.imageMadeFor(image, signal),
    async releaseFor(base) {
      const known = releases.get(base) ?? Promise.resolve(makeRelease(service, base, artifact, files, artifacts.hash))
      releases.set(base, known)
      return known
    },
    async packFor(release, base, blocks, read) {
      const key = `${release.digest} ${base}`
      const known = packs.get(key)
      if (known) return known
      const packing = (async (): Promise<Pack> => {
        const { steps, literals } = await assemble(release, read(await blocks()), chunksOf)
        return makePack(base, literals, new TextEncoder().encode(steps), means)
      })()
      packs.set(key, packing)
      packing.catch(() => packs.delete(key))
      return packing
    },
    async unzip(hexadecimal) {
      const bytes = new Uint8Array(hexadecimal.length / 2)
      for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hexadecimal.slice(at * 2, at * 2 + 2), 16)
      try {
        return new TextDecoder().decode(await artifacts.gunzip(bytes))
      } catch {
        // It only saves sending: without it everything is sent.
        return ''
      }
    },
  }
}

async function readArtifact(
  service: EdgeService,
  directory: string,
  artifacts: Artifacts,
  signal: AbortSignal,
): Promise<ContentFile | null> {
  const { path, url, sha256, unpack } = service.artifact
  const at = artifactIn(service)
  if (at === null) return null
  const read = path === undefined ? await artifacts.fetch(url!, sha256!, signal) : await artifacts.read(directory, path)
  const actual = artifacts.hash(read)
  if (sha256 !== undefined && actual !== sha256)
    throw new AppError('conflict', 'fleet.artifactDiffers', { artifact: path ?? url!, declared: sha256, actual })
  // Compressed, one changed byte changes all that follow it, and nothing could be used again.
  const isCompressed = unpack && read[0] === 0x1f && read[1] === 0x8b
  const bytes = isCompressed ? await artifacts.gunzip(read) : read
  return {
    path: at,
    mode: unpack ? '644' : '755',
    sha256: isCompressed ? artifacts.hash(bytes) : actual,
    size: bytes.length,
    bytes: async () => bytes,
  }
}

async function programsIn(
  service: EdgeService,
  artifact: ContentFile,
  files: readonly ContentFile[],
): Promise<ReleasePrograms> {
  const named: [path: string, bytes: Uint8Array][] = []
  const bytes = await artifact.bytes()
  if (service.artifact.unpack) for (const { path, head } of programsInTar(bytes)) named.push([path, head])
  else named.push([artifact.path, bytes])
  for (const file of files) named.push([file.path, await file.bytes()])
  return named.flatMap(([path, content]) => {
    const program = programKind(content.subarray(0, 20))
    if (program.kind === 'no-elf') return []
    return [{ path, architecture: program.kind === 'elf' ? program.architecture : program.machine }]
  })
}
