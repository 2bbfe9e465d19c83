import type { ManifestFile } from '../../manifests/manifest.ts'
import type { WorkspaceFile } from '../../workspace-file/read-workspace-file.ts'
import { type FileRole, isApart, roleOf } from './classify-path.ts'
import { findSources, namesOf, plain, type SourceTree, sourceSeekers } from './find-sources.ts'
import { followImports, goFilesByFolder, modulePath } from './follow-imports.ts'
import { type BuildEntry, isBuildFile, readBuildEntries } from './read-build-entries.ts'
import { type ComposeFacts, readCompose } from './read-compose.ts'
import { CONSTANT, holdsConstants, type MentionFact, withConstants } from './read-constants.ts'
import { readSourceFile } from './read-source-file.ts'
import type { WorkloadSources } from './source-calls.ts'
import { type FileFacts, says } from './source-facts.ts'

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
  const modules = new Map<string, string>()
  const composed: ComposeFacts[] = []
  for (const path of files.paths)
    if (isBuildFile(path)) {
      const text = await files.text(path)
      if (text === null) continue
      const module = /(^|\/)go\.mod$/.test(path) ? modulePath(text) : undefined
      if (module !== undefined) modules.set(module, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
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
  for (const [folder, own] of filesOfSources(files.paths, folders)) {
    const ofFolder = new Map<string, FileFacts>()
    for (const { path, role } of own) {
      const read = await readFacts(role, path)
      if (read && says(read)) ofFolder.set(path, read)
    }
    facts.set(folder, ofFolder)
  }
  await addImported()
  await addConstants()
  await addHandedOut()
  for (const { seeker, folder } of found) {
    const ofFolder = new Map(facts.get(folder))
    for (const name of namesOf(seeker))
      for (const { file, facts: said } of compose.get(name) ?? []) ofFolder.set(file, said)
    facts.set(folder, ofFolder)
  }
  return { find, facts: folder => facts.get(folder) ?? new Map() }

  /** Packages that programs import from outside their folders; what several import is shared. */
  async function addImported(): Promise<void> {
    if (modules.size === 0) return
    const inFolder = goFilesByFolder(files.paths)
    const read = new Map<string, Promise<FileFacts | null>>()
    const factsOfGo = (path: string): Promise<FileFacts | null> => {
      const known = read.get(path) ?? readFacts('code', path)
      read.set(path, known)
      return known
    }
    const imported = new Map<string, ReadonlyMap<string, FileFacts>>()
    const importers = new Map<string, number>()
    for (const folder of folders) {
      const own = facts.get(folder) ?? new Map<string, FileFacts>()
      const more = await followImports(own, folder, modules, inFolder, factsOfGo)
      imported.set(folder, more)
      for (const path of more.keys()) importers.set(path, (importers.get(path) ?? 0) + 1)
    }
    for (const [folder, more] of imported) {
      const all = new Map(facts.get(folder))
      for (const [path, said] of more)
        if (!all.has(path)) all.set(path, importers.get(path) === 1 ? said : { ...said, shared: true })
      // Of constants that a package only offers, those that are taken.
      const used = new Set([...all.values()].flatMap(({ uses }) => uses ?? []))
      for (const path of more.keys()) {
        const said = all.get(path)!
        const addresses = said.addresses.filter(({ constant }) => constant === undefined || used.has(constant))
        // A constant is taken by its name: that several programs share the package does not make it weaker.
        const isTaken = addresses.length > 0 && addresses.every(({ constant }) => constant !== undefined)
        const { shared, ...own } = said
        if (isTaken && said.clients.length === 0) all.set(path, { ...own, addresses })
        else if (addresses.length < said.addresses.length) all.set(path, { ...said, addresses })
      }
      facts.set(folder, all)
    }
  }

  /** What constants of other files mean that programs use: `ServiceNames.CART` stands in `ServiceNames.java`. */
  async function addConstants(): Promise<void> {
    const byClass = new Map<string, string[]>()
    for (const path of files.paths)
      if (holdsConstants(path) && !isApart(path)) {
        const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '')
        byClass.set(name, [...(byClass.get(name) ?? []), path])
      }
    if (byClass.size === 0) return
    const values = new Map<string, ReadonlyMap<string, string>>()
    const valuesIn = async (path: string): Promise<ReadonlyMap<string, string>> => {
      const known = values.get(path)
      if (known) return known
      const read = await readFacts('code', path)
      const found = new Map((read?.constants ?? []).map(({ name, value }) => [name, value]))
      values.set(path, found)
      return found
    }
    for (const [folder, ofFolder] of facts) {
      const more = new Map(ofFolder)
      for (const [path, said] of ofFolder) {
        if (!said.mentions || said.mentions.length === 0) continue
        const meant = new Map<MentionFact, string>()
        for (const mention of said.mentions) {
          const holders = mention.owners.flatMap(owner => byClass.get(owner) ?? []).filter(holder => holder !== path)
          const found = new Set<string>()
          for (const holder of holders) {
            const value = (await valuesIn(holder)).get(mention.name)
            // An address that stands in the program itself was seen there.
            const isSeen = mention.template === CONSTANT && mention.as === 'address' && ofFolder.has(holder)
            if (value !== undefined && !isSeen) found.add(value)
          }
          const [only, other] = found
          if (only !== undefined && other === undefined) meant.set(mention, only)
        }
        if (meant.size > 0)
          more.set(
            path,
            withConstants(said, mention => meant.get(mention)),
          )
      }
      facts.set(folder, more)
    }
  }

  /** Files that a config server hands out (`config/orders.yml`) are those of the program they are called after. */
  async function addHandedOut(): Promise<void> {
    const byName = new Map(
      found.flatMap(({ seeker, folder }) => [...namesOf(seeker)].map(name => [name, folder] as const)),
    )
    const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))
    const handing = new Set<string>()
    const forAll: string[] = []
    for (const path of files.paths) {
      const parts = handedOut.exec(path)
      if (parts && forEverybody.test(parts[1]!)) forAll.push(path)
      const owner = parts && (byName.get(plain(parts[1]!)) ?? byName.get(plain(parts[1]!.replace(profile, ''))))
      if (owner === undefined || owner === null || roleOf(path.slice(path.lastIndexOf('/') + 1)) !== 'config') continue
      const around = nearestOf(path, folders)
      // A program's own folder of that name is its own.
      if (around === owner || (around !== undefined && !/config/i.test(around.slice(around.lastIndexOf('/') + 1))))
        continue
      const read = await readFacts('config', path)
      handing.add(folderOf(path))
      if (around !== undefined) facts.set(around, without(facts.get(around), path))
      if (read && says(read)) facts.set(owner, new Map(facts.get(owner)).set(path, read))
    }
    // What stands beside them for everybody is not what the server itself runs with.
    for (const path of forAll) {
      const around = nearestOf(path, folders)
      if (around !== undefined && handing.has(folderOf(path))) facts.set(around, without(facts.get(around), path))
    }
  }
}

const handedOut =
  /(?:^|\/)[\w-]*config(?:uration)?(?:[-_]?(?:server|service|repo|data|files))?\/(?:.*\/)?([\w-]+)\.(?:ya?ml|properties|json)$/i
const forEverybody = /^application(-[\w-]+)?$/
const profile = /-(default|docker|k8s|kubernetes|prod|production|native|cloud)$/i

const without = (files: ReadonlyMap<string, FileFacts> | undefined, path: string): ReadonlyMap<string, FileFacts> =>
  new Map([...(files ?? [])].filter(([file]) => file !== path))

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

type SourceFile = { readonly path: string; readonly role: FileRole }

/** Files of each source folder that say something; a file belongs to the innermost source it is in. */
export function filesOfSources(
  paths: readonly string[],
  folders: ReadonlySet<string>,
): ReadonlyMap<string, readonly SourceFile[]> {
  const files = new Map<string, SourceFile[]>([...folders].map(folder => [folder, []]))
  const images = imagesInside(paths, folders)
  for (const path of paths) {
    const folder = nearestOf(path, folders, images)
    if (folder === undefined) continue
    const role = roleOf(folder === '' ? path : path.slice(folder.length + 1))
    if (role) files.get(folder)!.push({ path, role })
  }
  return files
}

/** The innermost of the folders a path is in; undefined where one of the others comes first. */
function nearestOf(
  path: string,
  folders: ReadonlySet<string>,
  others: ReadonlySet<string> = new Set(),
): string | undefined {
  for (let slash = path.lastIndexOf('/'); ; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = slash < 0 ? '' : path.slice(0, slash)
    if (folders.has(folder)) return folder
    if (others.has(folder) || slash <= 0)
      return folder !== '' && !others.has(folder) && folders.has('') ? '' : undefined
  }
}

/** Folders below a source that make images of their own, where they are several: other programs, whoever runs them. */
function imagesInside(paths: readonly string[], folders: ReadonlySet<string>): ReadonlySet<string> {
  const images = new Set<string>()
  for (const path of paths) {
    const slash = path.lastIndexOf('/')
    if (slash > 0 && /^(Dockerfile|Containerfile)$/.test(path.slice(slash + 1))) images.add(path.slice(0, slash))
  }
  const programs = new Set<string>()
  for (const path of paths) {
    const folder = nearestOf(path, images)
    if (folder !== undefined && roleOf(path.slice(folder.length + 1)) === 'code') programs.add(folder)
  }
  const inside = new Map<string, string[]>()
  for (const folder of programs) {
    if (folders.has(folder)) continue
    const around = nearestOf(folder, folders)
    if (around !== undefined) inside.set(around, [...(inside.get(around) ?? []), folder])
  }
  return new Set([...inside.values()].filter(list => list.length > 1).flat())
}
