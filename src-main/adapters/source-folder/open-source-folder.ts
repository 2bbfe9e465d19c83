import { open, readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { isApart } from '../../../shared/topology/source/classify-path.ts'
import type { SourceFiles } from '../../../shared/topology/source/read-sources.ts'

const largest = 512 * 1024

/** Lists a folder without what others wrote (`node_modules`, `vendor`, `.git`); links are not followed. */
export async function openSourceFolder(directory: string): Promise<SourceFiles> {
  const root = resolve(directory)
  const paths: string[] = []
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await list(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (isApart(path)) continue
      if (entry.isDirectory()) waiting.push(path)
      else if (entry.isFile()) paths.push(path)
    }
  }
  return { name: basename(root), paths: paths.sort(), text: path => readText(join(root, path)) }
}

async function list(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw new AppError('not-found', 'workspace.folderUnreadable', { directory: folder }, { cause: error })
  }
}

async function readText(path: string): Promise<string | null> {
  const file = await open(path)
  try {
    if ((await file.stat()).size > largest) return null
    const bytes = await file.readFile()
    return bytes.subarray(0, 8000).includes(0) ? null : bytes.toString('utf8')
  } finally {
    await file.close()
  }
}
