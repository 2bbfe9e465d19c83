import { toBase64 } from '../../../shared/edge/base64.ts'
import { type FolderView, mostFileBytes } from '../../../shared/edge/contract.ts'
import { plainText } from '../../../shared/edge/plain-text.ts'
import { AppError } from '../../../shared/errors.ts'
import type { SshConnection } from '../../needs/ssh.ts'

/** Entries of a folder that are shown. */
const mostEntries = 2000

/** A folder of a node, folders first. */
export async function readFolder(connection: SshConnection, path: string, signal: AbortSignal): Promise<FolderView> {
  await using files = await connection.files(signal)
  const full = await files.resolve(path)
  const { entries, more } = await files.list(full, mostEntries)
  return {
    path: full,
    shown: plainText(full),
    more,
    entries: entries
      .map(({ modified, ...entry }) => ({
        ...entry,
        shown: plainText(entry.name, 255),
        modified: new Date(modified * 1000).toISOString(),
      }))
      .sort((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || (a.name < b.name ? -1 : 1)),
  }
}

/** A stretch of a file of a node. A device or a pipe is not read: it may have no end, or do something. */
export async function readStretch(
  connection: SshConnection,
  path: string,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<{ bytes: string; size: number }> {
  await using files = await connection.files(signal)
  const { kind, size } = await files.stat(path)
  if (kind !== 'file') throw new AppError('unsupported', 'edge.notAFile', { path: plainText(path) })
  const bytes = await files.read(path, offset, Math.min(length, mostFileBytes))
  return { bytes: toBase64(bytes), size: Math.max(size, offset + bytes.length) }
}
