import { open } from 'node:fs/promises'

/** Makes names given in a folder survive a power cut. Windows cannot open folders and keeps names in its journal anyway. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
