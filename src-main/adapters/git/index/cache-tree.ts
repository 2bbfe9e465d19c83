import type { ObjectId } from '../../../needs/git-repository.ts'
import { readTree } from '../history/trees.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { type RawPath, treeMode } from '../objects/tree.ts'

/**
 * The index's `TREE` extension: which folders of the index are exactly which tree (gitformat-index, "Cache tree").
 * A valid node has valid nodes for all its folders.
 */
export type CacheTree = {
  name: RawPath
  /** Files below, or -1 when this folder of the index is no known tree. */
  count: number
  oid: ObjectId
  children: CacheTree[]
}

export function parseCacheTree(data: Buffer): CacheTree | null {
  let at = 0
  const node = (): CacheTree => {
    const end = data.indexOf(0, at)
    const line = data.indexOf(10, end)
    const counts = /^(-?\d+) (\d+)$/.exec(data.toString('latin1', end + 1, line))
    if (end === -1 || line === -1 || !counts) throw new RangeError('cache tree is damaged')
    const name = data.toString('latin1', at, end)
    const count = Number(counts[1])
    at = line + 1
    let oid = ''
    if (count >= 0) {
      oid = data.toString('hex', at, at + 20)
      at += 20
    }
    const children = Array.from({ length: Number(counts[2]) }, node)
    return { name, count, oid, children }
  }
  return data.length === 0 ? null : node()
}

export function encodeCacheTree(tree: CacheTree): Buffer {
  const parts: Buffer[] = []
  const write = (node: CacheTree): void => {
    parts.push(Buffer.from(`${node.name}\0${node.count} ${node.children.length}\n`, 'latin1'))
    if (node.count >= 0) parts.push(Buffer.from(node.oid, 'hex'))
    for (const child of node.children) write(child)
  }
  write(tree)
  return Buffer.concat(parts)
}

/**
 * Brings the nodes above changed paths from tree `from` to tree `to`. A node that was not exactly the folder of `from`
 * becomes invalid instead: git then computes it again.
 */
export function moveCacheTree(
  objects: ObjectStore,
  root: CacheTree,
  from: ObjectId | null,
  to: ObjectId,
  paths: Iterable<RawPath>,
): void {
  const move = (
    node: CacheTree,
    before: ObjectId | null,
    after: ObjectId,
    touched: readonly (readonly string[])[],
  ): boolean => {
    const folders = new Map<string, string[][]>()
    for (const [name, ...rest] of touched) {
      if (rest.length === 0) continue
      const list = folders.get(name!)
      if (list) list.push(rest)
      else folders.set(name!, [rest])
    }
    const old = before === null ? null : subtrees(objects, before)
    const now = subtrees(objects, after)
    let valid = node.count >= 0 && node.oid === before
    for (const [name, rest] of folders) {
      const child = node.children.find(({ name: other }) => other === name)
      const target = now.get(name)
      if (!target) node.children = node.children.filter(other => other !== child)
      else if (child) valid = move(child, old?.get(name) ?? null, target, rest) && valid
      else if (valid) node.children.push(fromTree(objects, name, target))
    }
    if (!valid) {
      node.count = -1
      node.oid = ''
      return false
    }
    node.oid = after
    // Git sorts by length first (`subtree_name_cmp`).
    node.children.sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    node.count = filesIn(objects, after) + node.children.reduce((sum, child) => sum + child.count, 0)
    return node.children.length === now.size
  }
  const complete = move(
    root,
    from,
    to,
    [...paths].map(path => path.split('/')),
  )
  if (!complete) {
    root.count = -1
    root.oid = ''
  }
}

const subtrees = (objects: ObjectStore, oid: ObjectId): Map<RawPath, ObjectId> =>
  new Map(
    readTree(objects, oid)
      .filter(entry => entry.mode === treeMode)
      .map(entry => [entry.name, entry.oid]),
  )

const filesIn = (objects: ObjectStore, oid: ObjectId): number =>
  readTree(objects, oid).filter(entry => entry.mode !== treeMode).length

function fromTree(objects: ObjectStore, name: RawPath, oid: ObjectId): CacheTree {
  const children = [...subtrees(objects, oid)]
    .map(([child, target]) => fromTree(objects, child, target))
    .sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
  return { name, oid, children, count: filesIn(objects, oid) + children.reduce((sum, child) => sum + child.count, 0) }
}
