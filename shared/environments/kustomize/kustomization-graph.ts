import type { KustomizeReader } from './kustomization-files.ts'
import { folderOfPath, isRemote, joinPath, kustomizationNames } from './paths.ts'
import { isMapping, itemsIn, textIn, treeAt } from './tree.ts'

/** What the kustomizations of a workspace take in, by name alone: nothing is built for it. */
export type KustomizationGraph = {
  /** Folders of kustomizations that no other takes in; components are left out. */
  readonly tops: readonly string[]
  /** Folders and files that a kustomization takes in, also through others. */
  readonly reach: (folder: string) => ReadonlySet<string>
  /** Files that are patches, and no objects of their own. */
  readonly patches: ReadonlySet<string>
}

type Entry = { readonly folder: string; readonly component: boolean; readonly includes: readonly string[] }

export function kustomizationGraph(reader: KustomizeReader): KustomizationGraph {
  const entries = new Map<string, Entry>()
  const patches = new Set<string>()
  for (const path of reader.paths()) {
    if (!kustomizationNames.includes(path.slice(path.lastIndexOf('/') + 1))) continue
    const read = reader.trees(path, 'transformer')
    const tree = read && 'documents' in read ? read.documents[0] : undefined
    if (!isMapping(tree)) continue
    const folder = folderOfPath(path)
    const local = (text: string | undefined): readonly string[] => {
      const joined = text === undefined || text.includes('\n') || isRemote(text) ? null : joinPath(folder, text)
      return joined === null ? [] : [joined]
    }
    const includes = ['resources', 'bases', 'components'].flatMap(field =>
      itemsIn(tree, field).flatMap(item => local(textIn(item))),
    )
    for (const field of [
      'patches',
      'patchesJson6902',
      'patchesStrategicMerge',
      'replacements',
      'transformers',
      'configurations',
      'generators',
    ])
      for (const item of itemsIn(tree, field))
        for (const file of local(item.type === 'scalar' ? textIn(item) : textIn(treeAt(item, ['path']))))
          patches.add(file)
    entries.set(folder, { folder, component: textIn(tree, 'kind') === 'Component', includes })
  }
  const taken = new Set([...entries.values()].flatMap(entry => entry.includes))
  return {
    tops: [...entries.values()]
      .filter(entry => !entry.component && !taken.has(entry.folder))
      .map(entry => entry.folder),
    reach: folder => {
      const reached = new Set<string>()
      const queue = [folder]
      for (let at = queue.shift(); at !== undefined; at = queue.shift())
        for (const next of entries.get(at)?.includes ?? [])
          if (!reached.has(next)) {
            reached.add(next)
            queue.push(next)
          }
      return reached
    },
    patches,
  }
}
