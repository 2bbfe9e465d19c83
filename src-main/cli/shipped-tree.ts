import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { shippedTreesFolder } from '../adapters/shipped-trees/shipped-trees.ts'
import type { Terminal } from './terminal.ts'

/** The file of a tree that comes with Pilothouse, by its name; null where a file of that name is meant. */
export function shippedTree(name: string, terminal: Terminal): string | null {
  if (!/^[a-z0-9-]+$/.test(name) || existsSync(resolve(terminal.directory, name))) return null
  const file = join(shippedTreesFolder(), `${name}.yaml`)
  return existsSync(file) ? file : null
}
