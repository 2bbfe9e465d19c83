import type { ChangeGroup, Dragged } from '../../../shared/dependencies/explain-diff.ts'
import { packageId, splitId } from '../../../shared/dependencies/package-set.ts'

/** `moved`: the same two names in other versions. */
export type LinkState = 'added' | 'removed' | 'moved' | 'same'
export type TreeNode = {
  readonly id: string
  readonly name: string
  readonly version: string
  /** What happened to it; `same` for one that is only passed through or newly pointed at. */
  readonly change: Dragged['change'] | 'same'
  readonly column: number
  readonly row: number
}
export type TreeLink = { readonly from: TreeNode; readonly to: TreeNode; readonly state: LinkState }
export type ChangeTree = {
  readonly nodes: readonly TreeNode[]
  readonly links: readonly TreeLink[]
  readonly columns: number
  readonly rows: number
  /** Changes that were left out to keep the drawing readable. */
  readonly leftOut: number
}

type Branch = {
  readonly id: string
  readonly change: TreeNode['change']
  readonly below: Map<string, Branch>
  broken: boolean
}

const pairOf = (line: string): string =>
  line
    .split(' ')
    .map(id => splitId(id).name)
    .join(' ')

/**
 * One change with the ways by which it brought others, in columns by depth, and the edges of the graph that are new or
 * broken around it. `edges` are all lines that differ between the two graphs.
 */
export function changeTree(
  { cause, dragged }: ChangeGroup,
  edges: { readonly added: readonly string[]; readonly removed: readonly string[] },
  budget: number,
): ChangeTree {
  const changes = new Map<string, Dragged>()
  for (const item of [cause, ...dragged]) changes.set(idOf(item), item)
  const changeOf = (id: string): TreeNode['change'] => changes.get(id)?.change ?? 'same'
  const root: Branch = { id: idOf(cause), change: cause.change, below: new Map(), broken: false }
  const known = new Set([root.id])
  let leftOut = 0
  const grow = (from: Branch, id: string, broken: boolean): Branch | null => {
    const there = from.below.get(id)
    if (there) return there
    if (known.has(id)) return null
    if (known.size >= budget) {
      leftOut += 1
      return null
    }
    const branch = { id, change: changeOf(id), below: new Map(), broken }
    known.add(id)
    from.below.set(id, branch)
    return branch
  }
  for (const { path, to } of dragged) {
    let at: Branch | null = root
    // What went hangs on the old version of the cause, which is not drawn beside the new one.
    for (const id of path.slice(1)) at = at && grow(at, id, to === null)
  }
  const added = new Set(edges.added)
  const removed = new Set(edges.removed)
  const [addedPairs, removedPairs] = [new Set(edges.added.map(pairOf)), new Set(edges.removed.map(pairOf))]
  // Edges between versions that moved together are neither new nor broken; the others of the cause are drawn.
  const around = new Set([root.id, ...(cause.from === null ? [] : [packageId(cause.name, cause.from)])])
  for (const line of [...added, ...removed]) {
    const [from = '', to = ''] = line.split(' ')
    if (!around.has(from)) continue
    const isNew = added.has(line)
    if (!(isNew ? removedPairs : addedPairs).has(pairOf(line))) grow(root, to, !isNew)
  }

  const nodes: TreeNode[] = []
  const links: TreeLink[] = []
  let row = 0
  let columns = 0
  const place = (branch: Branch, column: number): TreeNode => {
    columns = Math.max(columns, column + 1)
    const below = [...branch.below.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    const first = row
    const children = below.map(child => ({ child, node: place(child, column + 1) }))
    if (children.length === 0) row += 1
    const middle = children.length === 0 ? first : (children[0]!.node.row + children.at(-1)!.node.row) / 2
    const node: TreeNode = { ...splitId(branch.id), id: branch.id, change: branch.change, column, row: middle }
    nodes.push(node)
    for (const { child, node: to } of children) {
      const line = `${branch.id} ${child.id}`
      const pair = pairOf(line)
      const state = child.broken ? 'removed' : added.has(line) ? (removedPairs.has(pair) ? 'moved' : 'added') : 'same'
      links.push({ from: node, to, state })
    }
    return node
  }
  place(root, 0)
  return { nodes, links, columns, rows: Math.max(1, row), leftOut }
}

const idOf = ({ name, from, to }: Dragged): string => packageId(name, (to ?? from)!)
