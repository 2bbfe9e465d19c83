import { isMapping, type Mapping, type Tree, textIn, treeAt } from './tree.ts'

/** Objects of the documents; the items of a `List` stand behind what is written beside it. */
export function objectsIn(documents: readonly Tree[]): Mapping[] {
  const found: Mapping[] = []
  const left = documents.filter(isMapping)
  for (let tree = left.shift(); tree; tree = left.shift()) {
    const items = treeAt(tree, ['items'])
    if (textIn(tree, 'kind')?.endsWith('List') && items) {
      if (items.type === 'list') left.push(...items.items.filter(isMapping))
    } else if (tree.entries.size > 0) found.push(tree)
  }
  return found
}
