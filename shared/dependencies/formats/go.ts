import type { Ecosystem } from '../ecosystem.ts'
import { adjacency, type Edges } from '../edges.ts'
import { PartNumbers } from '../number-parts.ts'
import { type PackageId, type PackageSet, PackageSetBuilder, packageId, splitId } from '../package-set.ts'
import { broken, type DependencyFile } from '../read-data.ts'
import { compareSemantic } from '../versions/compare-versions.ts'

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

/** A graph of requirements, and the numbers of its main modules: those on the left that have no version. */
export type Graph = Edges & { readonly roots: ReadonlySet<number> }

/** Reads what `go mod graph` prints: two ids a line, of which one without a version is a main module. */
export function readGraph(file: DependencyFile): Graph {
  const { text } = file
  const numbers = new PartNumbers(text)
  const roots = new Set<number>()
  const [froms, tos]: [number[], number[]] = [[], []]
  let from = -1
  let count = 0
  let space = text.indexOf(' ')
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    const next = end + 1
    if (text.charCodeAt(end - 1) === 13) end -= 1
    count += 1
    if (space >= 0 && space < start) space = text.indexOf(' ', start)
    const second = space < 0 ? -1 : text.indexOf(' ', space + 1)
    if (space <= start || space >= end - 1 || (second >= 0 && second < end)) {
      const line = text.slice(start, end)
      if (line.trim() !== '' && !line.startsWith('#'))
        throw broken(file, count, 'a line of a graph is two modules: `example.com/a@v1.0.0 example.com/b@v1.2.0`')
    } else {
      const left = numbers.numberOf(start, space)
      if (left !== from) {
        from = left
        const at = text.indexOf('@', start + 1)
        if (at < 0 || at > space) roots.add(from)
      }
      froms.push(from)
      tos.push(numbers.numberOf(space + 1, end))
      space = second
    }
    start = next
  }
  return { ids: numbers.parts(), from: Int32Array.from(froms), to: Int32Array.from(tos), roots }
}

/**
 * The build list that a graph of module requirements stands for: of each module that is reached from the main ones
 * (from any, where there is none), the highest version that anything asks for (minimal version selection,
 * https://go.dev/ref/mod#minimal-version-selection).
 */
export function selectVersions(graph: Graph): Map<string, string> {
  const { ids, roots } = graph
  const { starts, needed } = adjacency(graph)
  const selected = new Map<string, string>()
  const seen = new Uint8Array(ids.length)
  const waiting = roots.size > 0 ? [...roots] : ids.map((_, number) => number)
  for (const number of waiting) seen[number] = 1
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const { name, version } = splitId(ids[number]!)
    if (version !== '' && !isTool(name)) {
      const known = selected.get(name)
      if (known === undefined || compareSemantic(known, version) < 0) selected.set(name, version)
    }
    for (let i = starts[number]!; i < starts[number + 1]!; i++) {
      const to = needed[i]!
      if (seen[to] === 1) continue
      seen[to] = 1
      waiting.push(to)
    }
  }
  return selected
}

/** True where every version is one of Go's, so that of each module one version alone is built. */
function isOfGo(ids: readonly PackageId[]): boolean {
  return ids.every(id => {
    const at = id.indexOf('@', 1)
    return at < 0 || id.charCodeAt(at + 1) === 118 || isTool(id.slice(0, at))
  })
}

/** A graph alone: what its main modules build where it is one of Go's, else everything in it. */
export function readGraphFile(file: DependencyFile, asked: Ecosystem | null = null): PackageSet {
  const graph = readGraph(file)
  const { ids, roots, from, to } = graph
  const builder = new PackageSetBuilder(asked ?? (isOfGo(ids) ? 'golang' : 'generic'), file.path)
  for (const root of roots) builder.roots.add(ids[root]!)
  if (builder.ecosystem === 'golang') for (const [name, version] of selectVersions(graph)) builder.add(name, version)
  else
    for (const id of ids) {
      const { name, version } = splitId(id)
      if (version !== '') builder.add(name, version)
    }
  const told = new Set<number>()
  for (let i = 0; i < from.length; i++) {
    const number = to[i]!
    if (!roots.has(from[i]!) || told.has(number)) continue
    told.add(number)
    const { name, version } = splitId(ids[number]!)
    if (version === '' || isTool(name)) continue
    // What is built of it may be higher than what the main module asks for.
    builder.direct.push({
      name,
      id: builder.packages.has(ids[number]!) ? ids[number]! : null,
      range: version,
      scope: 'runtime',
    })
  }
  return { ...builder.build(), edges: { ids, from, to } }
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
      const read = readGraph(graph)
      for (let i = 0; i < read.from.length; i++) builder.edge(read.ids[read.from[i]!]!, read.ids[read.to[i]!]!)
      // Before 1.17 go.mod leaves out what its requirements ask for themselves.
      if (/^1\.(\d|1[0-6])(\.|$)/.test(go) || go === '')
        for (const [name, version] of selectVersions(read))
          if (!requires.some(each => each.name === name)) builder.add(name, version)
    }
    return builder.build()
  }
  if (graph) return readGraphFile(graph)
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
