import {
  type KustomizeFiles,
  type KustomizeReader,
  kustomizeReader,
} from '../../../shared/environments/kustomize/kustomization-files.ts'
import type { How } from '../../../shared/environments/kustomize/origin.ts'
import type { TreeText } from '../../../shared/environments/kustomize/read-tree.ts'
import type { TextFile, WorkspaceFiles, WorkspaceReader } from './read-workspace-files.ts'

const readers = new WeakMap<WorkspaceFiles, KustomizeReader>()
const trees = new WeakMap<TextFile, Map<How, TreeText>>()
/** The reader made last for all environments of a workspace: what its kustomizations made may be so still. */
const newest = new WeakMap<WorkspaceReader, KustomizeReader>()
/** For each set of files made from another: that other, and that the environments are the same in both. */
const alike = new WeakMap<WorkspaceFiles, WorkspaceFiles>()

export const textsIn = (files: WorkspaceFiles): KustomizeFiles => ({
  get: path => files.get(path)?.text,
  keys: () => files.keys(),
})

/** Notes that a set of files made from another has the same environments. */
export function noteSameEnvironments(files: WorkspaceFiles, made: WorkspaceFiles): void {
  alike.set(made, withSameEnvironments(files))
}

/** A set of files whose environments are known to be those of the given one; the given one where there is none. */
export function withSameEnvironments(files: WorkspaceFiles): WorkspaceFiles {
  return alike.get(files) ?? files
}

/**
 * What was read of a file for kustomizations is kept with the file, whichever revisions it is part of; what a
 * kustomization or a chart made of files is kept while these are the same.
 */
export function kustomizeReaderOf(workspace: WorkspaceReader, files: WorkspaceFiles): KustomizeReader {
  let reader = readers.get(files)
  if (!reader) {
    const same = withSameEnvironments(files)
    const before = same === files ? newest.get(workspace) : kustomizeReaderOf(workspace, same)
    const kept = (path: string) => {
      const file = files.get(path)
      if (!file) return undefined
      const known = trees.get(file) ?? new Map<How, TreeText>()
      trees.set(file, known)
      return known
    }
    reader = kustomizeReader(textsIn(files), kept, before, workspace.charts.ask)
    readers.set(files, reader)
    if (same === files) newest.set(workspace, reader)
  }
  return reader
}
