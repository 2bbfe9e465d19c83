import type { Manifest, ManifestFile } from '../../manifests/manifest.ts'
import { listAt, textAt } from '../../manifests/manifest.ts'
import type { Message } from '../../messages/index.ts'
import type { WorkspaceFile } from '../../workspace-file/read-workspace-file.ts'
import { imageName, technologyOfImage } from '../recognise-technology.ts'
import { identityOf, podTemplatePath } from '../workload.ts'
import { isApart } from './classify-path.ts'
import type { BuildEntry } from './read-build-entries.ts'

/** A workload that may have its source somewhere. */
export type SourceSeeker = {
  readonly key: string
  readonly name: string
  readonly images: readonly string[]
  /** Programs that its command line names: `./search`, `java -jar cart-1.2.jar`, `python services/cart.py`. */
  readonly programs: readonly string[]
}
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

/** A workload as rendered may have other names and images than the file it comes from: it asks for itself. */
export type FindSource = (seeker: SourceSeeker) => FoundSource | undefined

export function seekerOf(manifest: Manifest): SourceSeeker | null {
  const template = podTemplatePath(manifest)
  if (!template) return null
  const images = listAt(manifest.value, ...template, 'spec', 'containers').flatMap(item => textAt(item, 'image') ?? [])
  const [first] = listAt(manifest.value, ...template, 'spec', 'containers')
  const words = [...listAt(first, 'command'), ...listAt(first, 'args')].flatMap(word =>
    typeof word === 'string' && !word.startsWith('-') ? word.split(/\s+/) : [],
  )
  const programs = words.slice(0, 6).flatMap(word => {
    const path = /^(?:[\w.-]*\/)*([A-Za-z][\w-]*?)(?:-v?\d[\w.-]*)?(\.(?:jar|py|js|mjs|rb|php|dll|exe))?$/.exec(word)
    return path && (path[2] !== undefined || word.includes('/')) && !runners.test(path[1]!) ? [path[1]!] : []
  })
  return { key: identityOf(manifest), name: manifest.name, images, programs: [...new Set(programs)] }
}

/** What runs programs, and is none. */
const runners =
  /^(sh|bash|ash|node|python\d?|java|dotnet|ruby|php|npm|yarn|exec|env|app|main|server|index|entrypoint|start|run|tini|dumb-init|docker-entrypoint)$/

/** The workloads of manifests by identity, with the images of their containers. */
export function sourceSeekers(files: readonly ManifestFile[]): SourceSeeker[] {
  const seekers = new Map<string, SourceSeeker>()
  for (const file of files)
    for (const manifest of file.manifests) {
      const seeker = seekerOf(manifest)
      if (seeker && !seekers.has(seeker.key)) seekers.set(seeker.key, seeker)
    }
  return [...seekers.values()]
}

/** Folders are called so in any repository, and hold all sorts of things. */
const anyName =
  /^(tests?|docker|build|src|source|apps?|main|cmd|scripts?|docs?|examples?|samples?|e2e|ci|core|common|libs?|tools?)$/
const marks =
  /^((Dockerfile|Containerfile)(\..+)?|go\.mod|(main|app|server|index)\.(go|py|js|mjs|ts)|package\.json|pom\.xml|build\.gradle(\.kts)?|requirements(\.in|\.txt)|pyproject\.toml|setup\.py|Pipfile|Cargo\.toml|.+\.(cs|fs|vb)proj|Gemfile|composer\.json|mix\.exs|deno\.jsonc?|project\.clj|build\.sbt)$/
/** Of those, what a program is made of, be it all configuration, and not only an image. */
const moduleMarks = /(^|\/)(go\.mod|package\.json|pom\.xml|build\.gradle(\.kts)?|Cargo\.toml|[^/]+\.(cs|fs|vb)proj)$/
/** True for a file that tells that its folder is a program. */
export const isSourceMark = (path: string): boolean =>
  marks.test(path.slice(path.lastIndexOf('/') + 1)) && !isApart(path)

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
): FindSource {
  const folders = foldersOf(tree)
  const modules = new Set(
    tree.paths.filter(path => moduleMarks.test(path)).map(path => path.slice(0, Math.max(0, path.lastIndexOf('/')))),
  )
  const { all, withPrograms } = foldersAbove(tree.paths)
  const byName = new Map<string, Candidate[]>()
  for (const candidate of folders)
    for (const word of new Set([candidate.name, candidate.around].flatMap(name => [plain(name), plain(name, true)])))
      byName.set(word, [...(byName.get(word) ?? []), candidate])
  /** How many workloads run images of one name. */
  const sharers = new Map<string, number>()
  for (const seeker of seekers)
    for (const name of new Set(seeker.images.slice(0, 1).map(imageName)))
      sharers.set(name, (sharers.get(name) ?? 0) + 1)
  const wanted = new Set(seekers.flatMap(seeker => [...namesOf(seeker)]))
  const builds = new Map<string, BuildEntry[]>()
  for (const build of tree.builds) {
    const word = imageName(build.image)
    builds.set(word, [...(builds.get(word) ?? []), build])
  }
  const found = new Map<string, FoundSource | undefined>()
  return seeker => {
    const question = [seeker.key, ...seeker.images, ...seeker.programs].join(' ')
    if (!found.has(question)) found.set(question, declared(seeker) ?? built(seeker) ?? named(seeker))
    return found.get(question)
  }

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
    if (!isFolder(folder)) return undefined
    return {
      folder,
      how: { key: 'topology.sourceDeclared', params: { folder: folder || '.', file: workspace.file } },
      file: workspace.file,
      line: notes.line,
    }
  }

  function built(seeker: SourceSeeker): FoundSource | undefined {
    const { images } = seeker
    for (const image of images) {
      const full = image.split('@')[0]!.replace(/:[^/:]*$/, '')
      const same = (builds.get(imageName(image)) ?? []).filter(build => isFolder(build.folder))
      // Who builds the image knows it; a module may only be called the same. A store of that name is not built here.
      const sure = same.filter(entry => !entry.module)
      const build =
        sure.find(entry => full.endsWith(entry.image)) ?? sure[0] ?? (technologyOfImage(image) ? undefined : same[0])
      if (!build) continue
      const folder = withProgram(withoutOthers(build, seeker), seeker)
      const params = { folder: folder || '.', image: imageName(image), file: build.file, line: build.line }
      return {
        folder,
        how: build.module ? { key: 'topology.sourceModule', params } : { key: 'topology.sourceBuilt', params },
        file: build.file,
        line: build.line,
      }
    }
    return undefined
  }

  function named(seeker: SourceSeeker): FoundSource | undefined {
    const { name, images } = seeker
    const [image] = images
    if (image === undefined) return undefined
    // Stores are others' work; discovery, configuration and gateways are often a program of one's own.
    const technology = technologyOfImage(image)
    if (technology && !technology.infra && technology.kind !== 'gateway') return undefined
    const last = imageName(image)
    // One image for everything: its tag (`1.9-cart`) or the workload's name says which part of it is meant.
    const many = (sharers.get(last) ?? 0) > 2
    const tag = /:[\w.]*-([a-z][a-z0-9-]*)$/i.exec(image.split('@')[0]!)?.[1]
    const words: (readonly [string, 'image' | 'workload'])[] = many
      ? [
          ...(tag === undefined ? [] : [[tag, 'image'] as const]),
          ...seeker.programs.map(program => [program, 'workload'] as const),
          [name, 'workload'],
          [last, 'image'],
        ]
      : [[last, 'image'], [name, 'workload'], ...seeker.programs.map(program => [program, 'workload'] as const)]
    for (const [word, by] of words) {
      const candidate = called(word)
      if (!candidate) continue
      const folder = withProgram(candidate.path, seeker)
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
      const ending = words.slice(from).join('')
      const same = anyName.test(ending) ? [] : (byName.get(ending) ?? [])
      if (same.length === 1 || (same[0] && from < words.length - 1)) return same[0]
    }
    // `acme-cart` for the image `cart`, where only one is called so.
    const longer = folders.filter(folder => folder.name.toLowerCase().endsWith(`-${unversioned.toLowerCase()}`))
    if (longer.length === 1) return longer[0]
    return undefined
  }

  function isFolder(folder: string): boolean {
    return folder === '' || all.has(folder)
  }

  /** True for a folder that is, or holds, the source of another workload. */
  function isOthers(path: string, seeker: SourceSeeker): boolean {
    const own = namesOf(seeker)
    const inside = path === '' ? '' : `${path}/`
    return folders.some(
      other =>
        (other.path === path || other.path.startsWith(inside)) &&
        wanted.has(plain(other.name)) &&
        !own.has(plain(other.name)),
    )
  }

  /** A folder of Dockerfiles alone stands for the program around it. */
  function withProgram(folder: string, seeker: SourceSeeker): string {
    let at = folder
    for (;;) {
      if (withPrograms.has(at) || modules.has(at)) return at
      if (at === '') return folder
      at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : ''
      const name = at === '' ? tree.name : at.slice(at.lastIndexOf('/') + 1)
      if (!namesOf(seeker).has(plain(name)) && isOthers(at, seeker)) return folder
    }
  }

  /** Where all of a repository is sent to the builder, the folder that is called like the image, or that says so. */
  function withoutOthers(build: BuildEntry, seeker: SourceSeeker): string {
    if (!isOthers(build.folder, seeker)) return build.folder
    const inside = build.folder === '' ? '' : `${build.folder}/`
    const own = namesOf(seeker)
    const nested = folders.find(folder => folder.path.startsWith(inside) && own.has(plain(folder.name)))
    if (nested) return nested.path
    const beside = build.file.includes('/') ? build.file.slice(0, build.file.lastIndexOf('/')) : ''
    return folders.some(folder => folder.path === beside) && !isOthers(beside, seeker) ? beside : build.folder
  }
}

/** Names a workload's source may go by. */
export const namesOf = ({ name, images }: SourceSeeker): ReadonlySet<string> =>
  new Set([name, ...images.map(imageName)].map(word => plain(word)))

/** Every folder there is, and those with a program somewhere in them. */
function foldersAbove(paths: readonly string[]): {
  readonly all: ReadonlySet<string>
  readonly withPrograms: ReadonlySet<string>
} {
  const all = new Set<string>()
  const withPrograms = new Set<string>()
  for (const path of paths) {
    const sets = programs.test(path) && !isApart(path) ? [all, withPrograms] : [all]
    for (const folders of sets)
      for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        const folder = path.slice(0, slash)
        if (folders.has(folder)) break
        folders.add(folder)
      }
    if (sets.length > 1) withPrograms.add('')
  }
  return { all, withPrograms }
}

type Candidate = {
  readonly path: string
  readonly name: string
  /** Of a folder called `src` or the like, the name of the one it is in; else its own. */
  readonly around: string
}

/** Folders that hold a program or what builds one; those nearest to the root first. */
function foldersOf(tree: SourceTree): Candidate[] {
  const found = new Set<string>()
  for (const path of tree.paths) {
    if (isApart(path)) continue
    const slash = path.lastIndexOf('/')
    const file = path.slice(slash + 1)
    const folder = slash < 0 ? '' : path.slice(0, slash)
    // `CartService/CartService.cpp` is a program as well.
    const named =
      folder !== '' &&
      programs.test(file) &&
      plain(file.replace(/\.\w+$/, '')) === plain(folder.slice(folder.lastIndexOf('/') + 1))
    if (marks.test(file) || named) found.add(folder)
    // A module whose build file is that of all modules.
    const module = /^(.+?)\/src\/main\/(java|kotlin|scala|groovy|resources)\//.exec(path)?.[1]
    if (module !== undefined) found.add(module)
  }
  return [...found]
    .map(path => {
      const parts = [tree.name, ...(path === '' ? [] : path.split('/'))]
      const name = parts.at(-1)!
      return { path, name, around: anyName.test(name) ? (parts.at(-2) ?? name) : name }
    })
    .sort((a, b) => a.path.split('/').length - b.path.split('/').length || (a.path < b.path ? -1 : 1))
}

/** A name by its letters and digits; without an ending that says no more than "a service". */
export function plain(name: string, bare = false): string {
  const lower = name.toLowerCase()
  return (bare ? lower.replace(/[-_.]?(service|svc|server|app)$/, '') : lower).replace(/[^a-z0-9]/g, '')
}
