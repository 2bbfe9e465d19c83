import type { ObjectId } from '../../../needs/git-repository.ts'
import { breather } from '../files/breathe.ts'
import type { CommitLinks } from '../objects/commit.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { type RawPath, treeMode } from '../objects/tree.ts'
import type { CommitGraph } from './commit-graph.ts'
import { paint } from './paint.ts'

/** Paths as a tree of names, so that folders they share are looked into once. */
type Names = Map<string, { readonly needle: Buffer; readonly below: Names; readonly wanted: boolean }>

/**
 * Commits that change any of the paths, as `git log --full-history --no-merges -- path…` lists them (what a merge brings
 * is told by the commits it brings), in no order. Of every commit no more than the trees above the paths are read, and
 * of equal trees nothing.
 */
export async function* touching(
  objects: ObjectStore,
  graph: CommitGraph,
  from: ObjectId,
  paths: readonly RawPath[],
  until: ObjectId | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectId> {
  if (paths.length === 0) return
  graph.refresh()
  const names = namesOf(paths)
  const hidden = until === undefined ? null : await paint(graph, [from], [until], signal)
  const known = new Map<ObjectId, string>()
  const stateOf = (tree: ObjectId): string => {
    const before = known.get(tree)
    if (before !== undefined) return before
    const state = stateBelow(objects, tree, names)
    known.set(tree, state)
    return state
  }
  // A commit is looked at as a parent first, then by itself.
  const ahead = new Map<ObjectId, CommitLinks>()
  const linksOf = (oid: ObjectId): CommitLinks => {
    const links = ahead.get(oid) ?? graph.links(oid)
    ahead.set(oid, links)
    return links
  }
  const breathe = breather(signal)
  const seen = new Set<ObjectId>()
  const stack = [from]
  for (let oid = stack.pop(); oid !== undefined; oid = stack.pop()) {
    if (seen.has(oid) || ((hidden?.get(oid)?.colours ?? 0) & 2) !== 0) continue
    seen.add(oid)
    const pause = breathe()
    if (pause) await pause
    const { tree, parents } = linksOf(oid)
    ahead.delete(oid)
    const [first] = parents
    if (parents.length < 2) {
      const before = first === undefined ? nothing(names) : stateOf(linksOf(first).tree)
      if (stateOf(tree) !== before) yield oid
    }
    stack.push(...parents)
  }
}

function namesOf(paths: readonly RawPath[]): Names {
  const all: Names = new Map()
  for (const path of paths) {
    let names = all
    const parts = path.split('/')
    parts.forEach((part, depth) => {
      const known = names.get(part)
      const wanted = depth === parts.length - 1
      const entry = {
        needle: Buffer.from(` ${part}\0`, 'latin1'),
        below: known?.below ?? new Map(),
        wanted: wanted || known?.wanted === true,
      }
      names.set(part, entry)
      names = entry.below
    })
  }
  return all
}

/** What stands at the wanted paths, as one text: the same text, the same content. */
function stateBelow(objects: ObjectStore, tree: ObjectId, names: Names): string {
  const { data } = objects.read(tree)
  let state = ''
  for (const { needle, below, wanted } of names.values()) {
    const entry = entryIn(data, needle)
    if (wanted) state += `${entry ? `${entry.mode} ${entry.oid}` : '-'}\n`
    if (below.size > 0) state += entry?.mode === treeMode ? stateBelow(objects, entry.oid, below) : nothing(below)
  }
  return state
}

function nothing(names: Names): string {
  let state = ''
  for (const { below, wanted } of names.values()) state += `${wanted ? '-\n' : ''}${nothing(below)}`
  return state
}

const modes = new Set(['100644', '100755', '120000', '160000', '100664', treeMode])

/** The entry of a name, found without taking the tree apart. In front of a mode stands an id, and before that a NUL. */
function entryIn(data: Buffer, needle: Buffer): { readonly mode: string; readonly oid: ObjectId } | null {
  for (let space = data.indexOf(needle); space >= 0; space = data.indexOf(needle, space + 1))
    for (const length of [6, 5]) {
      const start = space - length
      if (start < 0 || (start > 0 && data[start - 21] !== 0)) continue
      const mode = data.toString('latin1', start, space)
      const end = space + needle.length
      if (modes.has(mode) && end + 20 <= data.length) return { mode, oid: data.toString('hex', end, end + 20) }
    }
  return null
}
