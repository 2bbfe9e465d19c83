import type { DraftNode, NodeBook } from '../name-nodes.ts'

/** Finds nodes by the names people use: the id, else a workload's name, else a Service's, where only one has it. */
export function nodesByName(book: NodeBook): (name: string) => DraftNode | undefined {
  const ids = new Map(book.nodes.map(node => [node.id, node]))
  const byWorkload = new Map<string, DraftNode | null>()
  const byService = new Map<string, DraftNode | null>()
  const add = (names: Map<string, DraftNode | null>, name: string, node: DraftNode) => {
    const known = names.get(name)
    names.set(name, known === undefined || known === node ? node : null)
  }
  for (const node of book.nodes) {
    for (const workload of node.workloads) {
      add(byWorkload, workload.name, node)
      add(byWorkload, `${workload.namespace}/${workload.name}`, node)
    }
    for (const service of node.services) {
      add(byService, service.name, node)
      add(byService, `${service.namespace}/${service.name}`, node)
    }
  }
  return name => ids.get(name) ?? byWorkload.get(name) ?? byService.get(name) ?? undefined
}
