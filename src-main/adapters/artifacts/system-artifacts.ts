import { hash as hashOf } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip, zstdCompress } from 'node:zlib'
import { AppError } from '../../../shared/errors.ts'
import type { Artifacts } from '../../needs/artifacts.ts'
import type { Documents } from '../../needs/documents.ts'
import { askRegistry } from './ask-registry.ts'

const unzip = promisify(gunzip)
const zip = promisify(gzip)
const zstd = promisify(zstdCompress)
/** What is compressed is as large as this at most: it comes out in one piece. */
const atOnce = 1024 * 1024
const hash = (bytes: Uint8Array): string => hashOf('sha256', bytes)

/** Bytes of fetched artifacts that are kept: what is fetched again is only a wait, where its address still answers. */
const usualMost = 4 * 1024 ** 3
const folder = 'artifacts'

/** Artifacts from this machine's files and from the network; what was fetched is kept in the app's data folder. */
export function systemArtifacts(documents: Documents, most = usualMost): Artifacts {
  /** What was asked for since the process began: a draft or a rollout under way may ask again. */
  const needed = new Set<string>()
  return {
    hash,
    async read(directory, path) {
      const root = await realpath(directory)
      try {
        const file = await realpath(resolve(join(root, path)))
        if (!file.startsWith(root + sep)) throw new AppError('invalid-input', 'fleet.artifactOutside', { path })
        return await readFile(file)
      } catch (error) {
        if (error instanceof AppError) throw error
        throw new AppError('not-found', 'fleet.artifactMissing', { path }, { cause: error })
      }
    },
    async fetch(url, sha256, signal) {
      const name = `${folder}/${sha256}`
      needed.add(name)
      const kept = await documents.readBytes(name)
      if (kept && hash(kept) === sha256) return kept
      let bytes: Uint8Array
      try {
        const answer = await fetch(url, { signal })
        if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`.trim())
        bytes = new Uint8Array(await answer.arrayBuffer())
      } catch (error) {
        signal.throwIfAborted()
        const reason = error instanceof Error ? error.message : String(error)
        throw new AppError('unreachable', 'fleet.artifactUnreachable', { url, reason }, { cause: error })
      }
      const actual = hash(bytes)
      if (actual !== sha256)
        throw new AppError('conflict', 'fleet.artifactDiffers', { artifact: url, declared: sha256, actual })
      await documents.writeBytes(name, [bytes])
      await documents.boundBytes(folder, most, needed)
      return bytes
    },
    imageMadeFor: askRegistry,
    compress: (how, parts) => {
      const whole = Buffer.concat(parts)
      return how === 'zstd' ? zstd(whole, { chunkSize: atOnce }) : zip(whole, { level: 5, chunkSize: atOnce })
    },
    gunzip: bytes => unzip(bytes),
  }
}
