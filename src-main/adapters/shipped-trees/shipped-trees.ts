import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ReadShippedTrees } from '../../needs/shipped-trees.ts'

/** The folder of the trees that come with Pilothouse, whether this runs from source or from a bundle of any depth. */
export function shippedTreesFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const trees = join(folder, 'resources', 'trees')
    if (existsSync(trees)) return trees
    if (dirname(folder) === folder) throw new Error(`No resources/trees above ${import.meta.dirname}`)
  }
}

export const readShippedTrees: ReadShippedTrees = async () => {
  const folder = shippedTreesFolder()
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml')).sort()
  return Promise.all(names.map(async name => ({ path: name, text: await readFile(join(folder, name), 'utf8') })))
}
