import { Parts } from '../../topology/parts.ts'
import type { AskHelm } from '../helm/helm-request.ts'
import { KeptManifests } from '../kept-manifests.ts'
import type { FileContent } from './generate.ts'
import type { How, Origin } from './origin.ts'
import { joinPath, kustomizationNames } from './paths.ts'
import { readTrees, type TreeText } from './read-tree.ts'

/** Files of a workspace by path from its root. */
export type KustomizeFiles = {
  readonly get: (path: string) => FileContent | undefined
  readonly keys: () => Iterable<string>
}

/** The files of one workspace with what was read of them: bases are read once for all overlays. */
export type KustomizeReader = {
  /** What is made of these files by parts: every way to ask for one is watched. */
  readonly parts: Parts
  /** Manifests of what is rendered from these files, and was from those before. */
  readonly manifests: KeptManifests
  /** Every path there is, sorted. */
  readonly paths: () => readonly string[]
  /** Those below a folder. */
  readonly under: (folder: string) => readonly string[]
  readonly content: (path: string) => FileContent | undefined
  /** The documents of a file; undefined where there is none. Shared: copy before changing. */
  readonly trees: (path: string, how: How) => TreeText | undefined
  /** What Helm itself makes of a release, where it is installed and was asked. */
  readonly helm: AskHelm
  /** Files of a folder that are kustomizations; more than one is a mistake. */
  readonly kustomizations: (folder: string) => readonly string[]
}

/**
 * `kept` gives the store for what is read of one file, so that it may outlive this set of files; without it everything
 * is read once for this reader. What was made of the files of `before` is used again where these are the same.
 */
export function kustomizeReader(
  files: KustomizeFiles,
  kept?: (path: string) => Map<How, TreeText> | undefined,
  before?: KustomizeReader,
  askHelm: AskHelm = () => undefined,
): KustomizeReader {
  const parts = new Parts(before?.parts)
  const own = new Map<string, Map<How, TreeText>>()
  const storeOf = (path: string): Map<How, TreeText> => {
    const store = kept?.(path) ?? own.get(path) ?? new Map<How, TreeText>()
    own.set(path, store)
    return store
  }
  let sorted: readonly string[] | undefined
  const paths = (): readonly string[] => {
    sorted ??= [...files.keys()].sort()
    return sorted
  }
  return {
    parts,
    manifests: before?.manifests ?? new KeptManifests(),
    paths: parts.watch('paths', paths),
    under: parts.watch('under', (folder: string) => pathsUnder(paths(), folder)),
    content: parts.watch('content', (path: string) => files.get(path)),
    trees: parts.watch('trees', (path: string, how: How) => {
      const store = storeOf(path)
      const known = store.get(how)
      if (known) return known
      const content = files.get(path)
      if (typeof content !== 'string') return undefined
      const trees = readTrees(path, content, how)
      store.set(how, trees)
      return trees
    }),
    helm: parts.watch('helm', askHelm),
    kustomizations: parts.watch('kustomizations', (folder: string) =>
      kustomizationNames.flatMap(name => {
        const path = joinPath(folder, name)
        return path !== null && files.get(path) !== undefined ? [path] : []
      }),
    ),
  }
}

/** The place of a whole file's content, line by line. */
export function originOfFile(file: string, content: FileContent): Origin {
  const starts = [0]
  if (typeof content === 'string')
    for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) starts.push(at + 1)
  const lineAt = (offset: number): number => {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= offset) low = middle + 1
      else high = middle
    }
    return Math.max(1, low)
  }
  return { source: { file, lineAt }, at: 0, parent: null, step: '', how: 'generator' }
}

/** Of sorted paths those below a folder, by bisection. */
function pathsUnder(all: readonly string[], folder: string): readonly string[] {
  if (folder === '.') return all
  const lead = `${folder}/`
  const start = firstAtLeast(all, lead)
  let end = start
  while (end < all.length && all[end]!.startsWith(lead)) end += 1
  return all.slice(start, end)
}

function firstAtLeast(sorted: readonly string[], text: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < text) low = middle + 1
    else high = middle
  }
  return low
}
