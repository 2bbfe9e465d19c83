import { type PackageSet, PackageSetBuilder, packageId, splitId } from '../package-set.ts'
import { broken, type DependencyFile } from '../read-data.ts'
import { compareVersions } from '../versions/compare-versions.ts'

export type GoMod = {
  readonly module: string
  readonly go: string
  readonly toolchain: string
  readonly requires: readonly { readonly name: string; readonly version: string; readonly indirect: boolean }[]
  /** What is replaced (`name` or `name@version`) and by what (a path, or `name@version`). */
  readonly replaces: ReadonlyMap<string, string>
  readonly excludes: ReadonlySet<string>
}

const unquoted = (text: string): string => text.replace(/^(["`])(.*)\1$/, '$2')

/** Reads go.mod (https://go.dev/ref/mod#go-mod-file): lines and blocks, with comments. */
export function readGoMod(file: DependencyFile): GoMod {
  let [module, go, toolchain] = ['', '', '']
  const requires: GoMod['requires'][number][] = []
  const replaces = new Map<string, string>()
  const excludes = new Set<string>()
  let block = ''
  for (const [index, line] of file.text.split('\n').entries()) {
    const comment = line.indexOf('//')
    const code = (comment < 0 ? line : line.slice(0, comment)).trim()
    if (code === '') continue
    if (block !== '' && code === ')') {
      block = ''
      continue
    }
    const words = (code.match(/"[^"]*"|`[^`]*`|\S+/g) ?? []).map(unquoted)
    const verb = block || words.shift()!
    if (block === '' && words[0] === '(') {
      block = verb
      continue
    }
    const [first = '', second = ''] = words
    if (verb === 'module') module = first
    else if (verb === 'go') go = first
    else if (verb === 'toolchain') toolchain = first
    else if (verb === 'exclude') excludes.add(packageId(first, second))
    else if (verb === 'require') {
      if (second === '')
        throw broken(file, index + 1, 'a required module needs a version: `require example.com/m v1.2.3`')
      // `// indirect` may be followed by a semicolon and more words.
      const indirect = comment >= 0 && /^\/\/\s*indirect\s*(;|$)/.test(line.slice(comment).trim())
      requires.push({ name: first, version: second, indirect })
    } else if (verb === 'replace') {
      const arrow = words.indexOf('=>')
      if (arrow < 1) throw broken(file, index + 1, 'a replacement is written `old => new`')
      replaces.set(words.slice(0, arrow).join('@'), words.slice(arrow + 1).join('@'))
    }
  }
  return { module, go, toolchain, requires, replaces, excludes }
}

/** The go command and its toolchain stand in graphs as if they were modules. */
const isTool = (name: string): boolean => name === 'go' || name === 'toolchain'

/**
 * The build list that a graph of module requirements stands for: of each module that is reached from the main ones,
 * the highest version that anything asks for (minimal version selection, https://go.dev/ref/mod#minimal-version-selection).
 */
export function selectVersions(
  roots: Iterable<string>,
  edges: ReadonlyMap<string, readonly string[]>,
): Map<string, string> {
  const selected = new Map<string, string>()
  const seen = new Set<string>(roots)
  const waiting = [...seen]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const { name, version } = splitId(id)
    const known = selected.get(name)
    if (version !== '' && (known === undefined || compareVersions('golang', known, version) < 0))
      selected.set(name, version)
    for (const next of edges.get(id) ?? [])
      if (!seen.has(next)) {
        seen.add(next)
        waiting.push(next)
      }
  }
  return selected
}

export type GraphLines = {
  readonly roots: ReadonlySet<string>
  readonly nodes: ReadonlySet<string>
  readonly lines: ReadonlySet<string>
  readonly edges: ReadonlyMap<string, readonly string[]>
}

/** Reads what `go mod graph` prints: two ids a line, of which one without a version is a main module. */
export function readGraph(file: DependencyFile): GraphLines {
  const roots = new Set<string>()
  const nodes = new Set<string>()
  const lines = new Set<string>()
  const edges = new Map<string, string[]>()
  const { text } = file
  let number = 0
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    const line = text.charCodeAt(end - 1) === 13 ? text.slice(start, end - 1) : text.slice(start, end)
    start = end + 1
    number += 1
    if (line === '') continue
    const space = line.indexOf(' ')
    if (space < 1 || line.indexOf(' ', space + 1) >= 0 || space === line.length - 1) {
      if (line.trim() === '' || line.startsWith('#')) continue
      throw broken(file, number, 'a line of a graph is two modules: `example.com/a@v1.0.0 example.com/b@v1.2.0`')
    }
    const [from, to] = [line.slice(0, space), line.slice(space + 1)]
    lines.add(line)
    nodes.add(from)
    nodes.add(to)
    const known = edges.get(from)
    if (known) known.push(to)
    else {
      edges.set(from, [to])
      if (from.indexOf('@', 1) < 0) roots.add(from)
    }
  }
  return { roots, nodes, lines, edges }
}

/** True where every version is one of Go's, so that of each module one version alone is built. */
function isOfGo(nodes: Iterable<string>): boolean {
  for (const node of nodes) {
    const { name, version } = splitId(node)
    if (version !== '' && !isTool(name) && !/^v\d/.test(version)) return false
  }
  return true
}

/** A graph alone: what its main modules build where it is one of Go's, else everything in it. */
export function readGraphFile(file: DependencyFile, builder: PackageSetBuilder): PackageSet {
  const graph = readGraph(file)
  for (const root of graph.roots) builder.roots.add(root)
  for (const line of graph.lines) builder.edges.add(line)
  if (builder.ecosystem === 'golang' && isOfGo(graph.nodes)) {
    const from = graph.roots.size > 0 ? graph.roots : graph.nodes
    for (const [name, version] of selectVersions(from, graph.edges)) if (!isTool(name)) builder.add(name, version)
  } else
    for (const node of graph.nodes) {
      const { name, version } = splitId(node)
      if (version !== '') builder.add(name, version)
    }
  const asked = new Set<string>()
  for (const root of graph.roots)
    for (const id of graph.edges.get(root) ?? []) {
      const { name, version } = splitId(id)
      if (version === '' || isTool(name) || asked.has(id)) continue
      asked.add(id)
      // What is built of it may be higher than what the main module asks for.
      const built = builder.packages.has(id) ? id : null
      builder.direct.push({ name, id: built, range: version, scope: 'runtime' })
    }
  return builder.build()
}

/**
 * A module: go.mod says what is built (from Go 1.17 on it lists the whole pruned build list) and what of that is
 * direct; a graph beside it adds who asks for what; go.sum lists more than is built and is only read where it is alone.
 */
export function readGo(files: {
  readonly mod?: DependencyFile | undefined
  readonly sum?: DependencyFile | undefined
  readonly graph?: DependencyFile | undefined
}): PackageSet | null {
  const { mod, sum, graph } = files
  if (mod) {
    const builder = new PackageSetBuilder('golang', mod.path)
    const { module, go, requires, replaces, excludes } = readGoMod(mod)
    if (module !== '') builder.roots.add(module)
    for (const { name, version, indirect } of requires) {
      if (excludes.has(packageId(name, version))) continue
      const id = builder.add(name, version)
      if (!indirect) builder.require(name, id, version)
      if (module !== '') builder.edge(module, id)
    }
    for (const [name, target] of replaces) builder.replacements.set(name, target)
    if (graph) {
      builder.files.push(graph.path)
      const { edges, lines, roots } = readGraph(graph)
      for (const line of lines) builder.edges.add(line)
      // Before 1.17 go.mod leaves out what its requirements ask for themselves.
      if (/^1\.(\d|1[0-6])(\.|$)/.test(go) || go === '')
        for (const [name, version] of selectVersions(roots, edges))
          if (!isTool(name) && !requires.some(each => each.name === name)) builder.add(name, version)
    }
    return builder.build()
  }
  if (graph) return readGraphFile(graph, new PackageSetBuilder('golang', graph.path))
  if (!sum) return null
  const builder = new PackageSetBuilder('golang', sum.path)
  for (const [index, line] of sum.text.split('\n').entries()) {
    const [name, version, hash] = line.trim().split(/\s+/)
    if (!name) continue
    if (!version || !hash) throw broken(sum, index + 1, 'a line of go.sum is a module, its version and a hash')
    if (!version.endsWith('/go.mod')) builder.add(name, version)
  }
  return builder.build()
}
