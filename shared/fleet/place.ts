import type { EdgeFleet, EdgeNode, EdgeService } from '../edge/read-edge.ts'

type Labelled = { readonly labels: { readonly [key: string]: string } }
/** Has a thing all these labels? An empty set of labels chooses everything, as in Kubernetes. */
export const hasLabels = ({ labels }: Labelled, wanted: { readonly [key: string]: string } = {}): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value)

/** The nodes a service is placed on, by name. */
export function nodesOf(service: EdgeService, nodes: readonly EdgeNode[]): readonly EdgeNode[] {
  const { node, selector } = service
  return nodes
    .filter(candidate =>
      node !== undefined
        ? candidate.name === node
        : hasLabels(candidate, selector?.matchLabels) && (selector?.names?.includes(candidate.name) ?? true),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

export type Placement = { readonly service: EdgeService; readonly nodes: readonly EdgeNode[] }
export const placements = ({ services, nodes }: EdgeFleet): readonly Placement[] =>
  services.map(service => ({ service, nodes: nodesOf(service, nodes) }))
