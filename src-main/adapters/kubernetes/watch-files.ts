import { type Stats, unwatchFile, watchFile } from 'node:fs'

/**
 * Calls back when one of the files is another than before, has come or has gone. Looked at rather than listened to: it
 * works through symbolic links, for files that are not there yet, and on network drives. `every`: milliseconds.
 */
export function watchFiles(files: readonly string[], every: number, changed: () => void): () => void {
  const look = (now: Stats, before: Stats): void => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) changed()
  }
  for (const file of files) watchFile(file, { interval: every, persistent: false }, look)
  return () => {
    for (const file of files) unwatchFile(file, look)
  }
}
