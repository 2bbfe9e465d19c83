import type { ManifestFile } from '../../manifests/manifest.ts'
import type { WorkspaceFile } from '../../workspace-file/read-workspace-file.ts'
import { type FileRole, roleOf } from './classify-path.ts'
import { findSources, namesOf, plain, type SourceTree, sourceSeekers } from './find-sources.ts'
import { type BuildEntry, isBuildFile, readBuildEntries } from './read-build-entries.ts'
import { type ComposeFacts, readCompose } from './read-compose.ts'
import { readSourceFile } from './read-source-file.ts'
import type { WorkloadSources } from './source-calls.ts'
import type { FileFacts } from './source-facts.ts'

/** A folder of files, or the files of one revision. */
export type SourceFiles = {
  /** Name of the folder or repository itself. */
  readonly name: string
  readonly paths: readonly string[]
  /** Null for what cannot be read as text. */
  readonly text: (path: string) => Promise<string | null>
}
/** Facts of a file, however they are come by; null for what is no text. */
export type ReadFacts = (role: FileRole, path: string) => Promise<FileFacts | null>

/**
 * The sources of the workloads of some manifests: build files are read first, then the files of the folders they and
 * names lead to, and nothing else.
 */
export async function readSources(
  manifests: readonly ManifestFile[],
  files: SourceFiles,
  workspace: WorkspaceFile | undefined,
  readFacts: ReadFacts = factsOf(files, readSourceFile),
): Promise<WorkloadSources> {
  const seekers = sourceSeekers(manifests)
  if (seekers.length === 0) return { find: () => undefined, facts: () => new Map() }
  const builds: BuildEntry[] = []
  const composed: ComposeFacts[] = []
  for (const path of files.paths)
    if (isBuildFile(path)) {
      const text = await files.text(path)
      if (text === null) continue
      builds.push(...readBuildEntries(path, text))
      composed.push(...readCompose(path, text))
    }
  const tree: SourceTree = { name: files.name, paths: files.paths, builds }
  const find = findSources(seekers, tree, workspace)
  const found = seekers.flatMap(seeker => {
    const source = find(seeker)
    return source ? [{ seeker, folder: source.folder }] : []
  })
  const compose = new Map<string, ComposeFacts[]>()
  for (const one of composed) compose.set(plain(one.service), [...(compose.get(plain(one.service)) ?? []), one])
  const facts = new Map<string, ReadonlyMap<string, FileFacts>>()
  const folders = new Set(found.map(({ folder }) => folder))
  for (const folder of folders) {
    const ofFolder = new Map<string, FileFacts>()
    for (const { path, role } of filesOfSource(files.paths, folder, folders)) {
      const read = await readFacts(role, path)
      if (read && read.addresses.length + read.clients.length + read.endpoints.length > 0) ofFolder.set(path, read)
    }
    facts.set(folder, ofFolder)
  }
  for (const { seeker, folder } of found) {
    const ofFolder = new Map(facts.get(folder))
    for (const name of namesOf(seeker))
      for (const { file, facts: said } of compose.get(name) ?? []) ofFolder.set(file, said)
    facts.set(folder, ofFolder)
  }
  return { find, facts: folder => facts.get(folder) ?? new Map() }
}

/** Reads each file's text and then its facts. */
export const factsOf =
  (
    files: SourceFiles,
    read: (role: FileRole, path: string, text: string) => FileFacts | Promise<FileFacts>,
  ): ReadFacts =>
  async (role, path) => {
    const text = await files.text(path)
    return text === null || text.length > largest ? null : read(role, path, text)
  }

/** Longer files were written by no person. */
const largest = 512 * 1024

/** Files of a source folder that say something; not those of another source inside it. */
export function filesOfSource(
  paths: readonly string[],
  folder: string,
  folders: ReadonlySet<string>,
): { readonly path: string; readonly role: FileRole }[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const inner = [...folders, ...imagesInside(paths, prefix)]
    .filter(other => other !== folder && other.startsWith(prefix))
    .map(other => `${other}/`)
  return paths.flatMap(path => {
    if (!path.startsWith(prefix) || inner.some(other => path.startsWith(other))) return []
    const role = roleOf(path.slice(prefix.length))
    return role ? [{ path, role }] : []
  })
}

/** Folders below a source that make images of their own, where they are several: other programs, whoever runs them. */
function imagesInside(paths: readonly string[], prefix: string): string[] {
  const folders = paths.flatMap(path => {
    const slash = path.lastIndexOf('/')
    return path.startsWith(prefix) &&
      slash > prefix.length &&
      /^(Dockerfile|Containerfile)$/.test(path.slice(slash + 1))
      ? [path.slice(0, slash)]
      : []
  })
  const programs = folders.filter(folder =>
    paths.some(path => path.startsWith(`${folder}/`) && roleOf(path.slice(folder.length + 1)) === 'code'),
  )
  return programs.length > 1 ? programs : []
}
