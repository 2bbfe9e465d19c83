import type { Tree } from './read-tree.ts'

export type PlacedNode = { readonly id: string; readonly column: number; readonly row: number }
export type TreeLine = { readonly from: string; readonly to: string; readonly answers: readonly string[] }

/**
 * Places a tree top down: the row of a node is its longest way from the start, outcomes stand in a column of their own
 * beside the last row that leads to them. Columns of questions are set so that lines cross little: a node stands below
 * the first that leads to it, where that place is free.
 */
export function layoutTree(tree: Tree): { readonly nodes: readonly PlacedNode[]; readonly lines: readonly TreeLine[] } {
  const rows = new Map<string, number>([[tree.start, 0]])
  const order = inOrder(tree)
  for (const id of order)
    for (const next of nextOf(tree, id)) rows.set(next, Math.max(rows.get(next) ?? 0, (rows.get(id) ?? 0) + 1))
  const taken = new Set<string>()
  const columns = new Map<string, number>()
  const place = (id: string, wish: number): void => {
    let column = wish
    while (taken.has(`${rows.get(id)} ${column}`)) column++
    taken.add(`${rows.get(id)} ${column}`)
    columns.set(id, column)
  }
  for (const id of order) {
    if (!columns.has(id)) place(id, 0)
    for (const next of nextOf(tree, id))
      if (tree.nodes.has(next) && !columns.has(next)) place(next, columns.get(id) ?? 0)
  }
  const side = Math.max(0, ...columns.values()) + 1
  const outcomes = [...tree.outcomes.keys()]
    .filter(id => rows.has(id))
    .toSorted((a, b) => (rows.get(a) ?? 0) - (rows.get(b) ?? 0))
  let free = 0
  for (const id of outcomes) {
    const row = Math.max(free, (rows.get(id) ?? 1) - 1)
    rows.set(id, row)
    columns.set(id, side)
    free = row + 1
  }
  const lines = new Map<string, TreeLine>()
  for (const { id, branches } of tree.nodes.values())
    for (const [answer, to] of Object.entries(branches)) {
      const known = lines.get(`${id} ${to}`)
      lines.set(`${id} ${to}`, { from: id, to, answers: [...(known?.answers ?? []), answer] })
    }
  return {
    nodes: [...columns].map(([id, column]) => ({ id, column, row: rows.get(id) ?? 0 })),
    lines: [...lines.values()],
  }
}

const nextOf = (tree: Tree, id: string): readonly string[] => [
  ...new Set(Object.values(tree.nodes.get(id)?.branches ?? {})),
]

/** Every node after those that lead to it. */
function inOrder(tree: Tree): readonly string[] {
  const done = new Set<string>()
  const order: string[] = []
  const visit = (id: string): void => {
    if (done.has(id) || !tree.nodes.has(id)) return
    done.add(id)
    for (const next of nextOf(tree, id).toReversed()) visit(next)
    order.unshift(id)
  }
  visit(tree.start)
  return order
}
