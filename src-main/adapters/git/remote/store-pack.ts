import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TransferProgress } from '../../../needs/git-remote.ts'
import { syncDirectory } from '../files/sync-directory.ts'
import { indexPack } from './index-pack.ts'

/**
 * Puts an arriving pack into `objects/pack`: under a temporary name (git's own prefix, so that git tidies up after a
 * crash) until it is whole and indexed. The index comes last, because git believes in a pack once it sees the index.
 * Resolves with the number of objects; an empty pack leaves nothing.
 */
export async function storePack(
  source: AsyncIterable<Uint8Array>,
  packDirectory: string,
  progress: TransferProgress | undefined,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(packDirectory, { recursive: true })
  const suffix = randomBytes(6).toString('hex')
  const pack = join(packDirectory, `tmp_pack_${suffix}`)
  const index = join(packDirectory, `tmp_idx_${suffix}`)
  try {
    await using file = await open(pack, 'wx+', 0o444)
    const indexed = await indexPack(source, file, {
      signal,
      progress: (phase, done, total) =>
        progress?.({
          phase: phase === 'receiving' ? 'transport.phaseReceiving' : 'transport.phaseResolving',
          done,
          total,
        }),
    })
    signal.throwIfAborted()
    if (indexed.objects === 0) return 0
    await file.sync()
    {
      await using written = await open(index, 'wx', 0o444)
      await written.writeFile(indexed.index)
      await written.sync()
    }
    signal.throwIfAborted()
    const name = join(packDirectory, `pack-${indexed.checksum}`)
    await rename(pack, `${name}.pack`)
    await rename(index, `${name}.idx`)
    await Promise.all([chmod(`${name}.pack`, 0o444), chmod(`${name}.idx`, 0o444)])
    await syncDirectory(packDirectory)
    return indexed.objects
  } finally {
    await Promise.all([rm(pack, { force: true }), rm(index, { force: true })])
  }
}
