import type { ManifestFile } from '../../manifests/manifest.ts'
import { listAt, textAt } from '../../manifests/manifest.ts'
import type { Message } from '../../messages/index.ts'
import type { WorkspaceFile } from '../../workspace-file/read-workspace-file.ts'
import { imageName, technologyOfImage } from '../recognise-technology.ts'
import { identityOf, podTemplatePath } from '../workload.ts'
import { isApart } from './classify-path.ts'
import type { BuildEntry } from './read-build-entries.ts'

/** A workload that may have its source somewhere. */
export type SourceSeeker = { readonly key: string; readonly name: string; readonly images: readonly string[] }
/** Where a workload's source is, and how that is known. */
export type FoundSource = {
  /** From the root of the tree; empty for the root itself. */
  readonly folder: string
  readonly how: Message
  /** The file that says so. */
  readonly file?: string
  readonly line?: number
}
/** What is there to look in. */
export type SourceTree = {
  /** Name of the root's own folder, which may be that of a service. */
  readonly name: string
  readonly paths: readonly string[]
  readonly builds: readonly BuildEntry[]
}

/** The workloads of manifests by identity, with the images of their containers. */
export function sourceSeekers(files: readonly ManifestFile[]): SourceSeeker[] {
  const seekers = new Map<string, SourceSeeker>()
  for (const file of files)
    for (const manifest of file.manifests) {
      const template = podTemplatePath(manifest)
      if (!template) continue
      const images = listAt(manifest.value, ...template, 'spec', 'containers').flatMap(
        item => textAt(item, 'image') ?? [],
      )
      const key = identityOf(manifest)
      if (!seekers.has(key)) seekers.set(key, { key, name: manifest.name, images })
    }
  return [...seekers.values()]
}

const marks =
  /^((Dockerfile|Containerfile)(\..+)?|go\.mod|main\.go|package\.json|pom\.xml|build\.gradle(\.kts)?|requirements(\.in|\.txt)|pyproject\.toml|setup\.py|Pipfile|Cargo\.toml|.+\.(cs|fs|vb)proj|Gemfile|composer\.json|mix\.exs|deno\.jsonc?|project\.clj|build\.sbt)$/
const programs = /\.(go|py|js|mjs|ts|tsx|java|kt|scala|cs|fs|rb|php|rs|ex|exs|swift|dart|c|cc|cpp|clj)$/

/**
 * Finds the source folder of each workload: what `pilothouse.yaml` says; a build file (skaffold, compose, CI, bake)
 * that builds its image; a folder with a Dockerfile or a module whose name is that of the image, then of the workload.
 * Names are compared word by word, and a longer image name may end in the folder's (`acme-shop-cart` and `cart`).
 */
export function findSources(
  seekers: readonly SourceSeeker[],
  tree: SourceTree,
  workspace: WorkspaceFile | undefined,
): ReadonlyMap<string, FoundSource> {
  const folders = foldersOf(tree)
  const byName = new Map<string, Candidate[]>()
  for (const candidate of folders)
    for (const word of new Set([plain(candidate.name), plain(candidate.name, true)]))
      byName.set(word, [...(byName.get(word) ?? []), candidate])
  const builds = new Map<string, BuildEntry[]>()
  for (const build of tree.builds) {
    const word = imageName(build.image)
    builds.set(word, [...(builds.get(word) ?? []), build])
  }
  const found = new Map<string, FoundSource>()
  for (const seeker of seekers) {
    const source = declared(seeker) ?? built(seeker) ?? named(seeker)
    if (source) found.set(seeker.key, source)
  }
  return found

  function declared({ name }: SourceSeeker): FoundSource | undefined {
    const notes = workspace?.services.get(name)
    if (!workspace || !notes || notes.source === undefined) return undefined
    const said = typeof notes.source === 'string' ? notes.source : (notes.source.folder ?? '')
    const repository = typeof notes.source === 'string' ? undefined : notes.source.repository
    const last = repository
      ?.replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split(/[/:]/)
      .pop()
    // A repository beside this one is found by its name among the folders given.
    const root =
      repository === undefined ? '' : last === tree.name ? '' : folders.find(folder => folder.name === last)?.path
    if (root === undefined) return undefined
    const folder = [root, said.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '')].filter(part => part !== '').join('/')
    if (folder !== '' && !tree.paths.some(path => path.startsWith(`${folder}/`))) return undefined
    return {
      folder,
      how: { key: 'topology.sourceDeclared', params: { folder: folder || '.', file: workspace.file } },
      file: workspace.file,
      line: notes.line,
    }
  }

  function built({ images }: SourceSeeker): FoundSource | undefined {
    for (const image of images) {
      const full = image.split('@')[0]!.replace(/:[^/:]*$/, '')
      const same = (builds.get(imageName(image)) ?? []).filter(build => isFolder(build.folder))
      const build = same.find(entry => full.endsWith(entry.image)) ?? same[0]
      if (!build) continue
      // A module's name alone is no more than a folder's; a store of that name is not built here.
      if (technologyOfImage(image) && /(go\.mod|package\.json|pom\.xml)$/.test(build.file)) continue
      const folder = withProgram(build.folder)
      return {
        folder,
        how: {
          key: 'topology.sourceBuilt',
          params: { folder: folder || '.', image: imageName(image), file: build.file, line: build.line },
        },
        file: build.file,
        line: build.line,
      }
    }
    return undefined
  }

  function named({ name, images }: SourceSeeker): FoundSource | undefined {
    const [image] = images
    if (image === undefined || technologyOfImage(image)) return undefined
    const last = imageName(image)
    for (const [word, by] of [
      [last, 'image'],
      [name, 'workload'],
    ] as const) {
      const candidate = called(word)
      if (!candidate) continue
      const folder = withProgram(candidate.path)
      return {
        folder,
        how:
          by === 'image'
            ? { key: 'topology.sourceNamedAsImage', params: { folder: folder || '.', image: last } }
            : { key: 'topology.sourceNamedAsWorkload', params: { folder: folder || '.', workload: name } },
      }
    }
    return undefined
  }

  function called(word: string): Candidate | undefined {
    const unversioned = word.replace(/[-_]v?\d+([.-]\d+)*$/, '')
    for (const one of [plain(word), plain(unversioned), plain(word, true), plain(unversioned, true)]) {
      const [best] = byName.get(one) ?? []
      if (best) return best
    }
    const words = unversioned.toLowerCase().split(/[-_.]/)
    for (let from = 1; from < words.length; from += 1) {
      const [best] = byName.get(words.slice(from).join('')) ?? []
      if (best) return best
    }
    return undefined
  }

  function isFolder(folder: string): boolean {
    return folder === '' || tree.paths.some(path => path.startsWith(`${folder}/`))
  }

  /** A folder of Dockerfiles alone stands for the program around it. */
  function withProgram(folder: string): string {
    let at = folder
    for (;;) {
      const prefix = at === '' ? '' : `${at}/`
      if (tree.paths.some(path => path.startsWith(prefix) && programs.test(path) && !isApart(path))) return at
      const up = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : ''
      if (at === '') return folder
      at = up
      // Never into a folder that holds other services.
      const inside = at === '' ? '' : `${at}/`
      if (
        folders.some(
          other =>
            other.path !== folder &&
            other.path.startsWith(inside) &&
            other.path !== at &&
            !other.path.startsWith(`${folder}/`) &&
            other.hasProgram,
        )
      )
        return folder
    }
  }
}

type Candidate = { readonly path: string; readonly name: string; readonly hasProgram: boolean }

/** Folders that hold a program or what builds one; those nearest to the root first. */
function foldersOf(tree: SourceTree): Candidate[] {
  const found = new Map<string, boolean>()
  for (const path of tree.paths) {
    if (isApart(path)) continue
    const slash = path.lastIndexOf('/')
    const file = path.slice(slash + 1)
    if (marks.test(file)) {
      const folder = slash < 0 ? '' : path.slice(0, slash)
      found.set(folder, (found.get(folder) ?? false) || !/^(Dockerfile|Containerfile)/.test(file))
    }
  }
  return [...found]
    .map(([path, hasProgram]) => ({
      path,
      name: path === '' ? tree.name : path.slice(path.lastIndexOf('/') + 1),
      hasProgram,
    }))
    .sort((a, b) => a.path.split('/').length - b.path.split('/').length || (a.path < b.path ? -1 : 1))
}

/** A name by its letters and digits; without an ending that says no more than "a service". */
function plain(name: string, bare = false): string {
  const lower = name.toLowerCase()
  return (bare ? lower.replace(/[-_.]?(service|svc|server|app)$/, '') : lower).replace(/[^a-z0-9]/g, '')
}
