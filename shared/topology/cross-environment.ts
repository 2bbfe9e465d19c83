import type { Finding, TopologyEdge, TopologyNode } from './topology.ts'

/** Words by which people tell their environments apart, and what they come to. */
const stages: { readonly [word: string]: string } = {
  dev: 'dev',
  develop: 'dev',
  development: 'dev',
  test: 'test',
  testing: 'test',
  tst: 'test',
  qa: 'qa',
  uat: 'uat',
  acc: 'acceptance',
  acceptance: 'acceptance',
  stage: 'staging',
  staging: 'staging',
  stg: 'staging',
  preprod: 'preprod',
  prod: 'prod',
  prd: 'prod',
  production: 'prod',
}

/** The one stage a name speaks of, with the word it does so by; undefined for none, or for several. */
export function stageOf(name: string): { readonly stage: string; readonly word: string } | undefined {
  const found = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .flatMap(word => (Object.hasOwn(stages, word) ? [{ stage: stages[word]!, word }] : []))
  return new Set(found.map(({ stage }) => stage)).size === 1 ? found[0] : undefined
}

/**
 * Calls whose address, by its own words, belongs to another environment than the one that makes them: a host of
 * `prod` named in `overlays/staging`, a Service of namespace `shop-dev` called from `shop-prod`. An edge that people
 * confirmed or declared is meant.
 */
export function* findCrossings(
  environment: string,
  nodes: readonly TopologyNode[],
  edges: readonly TopologyEdge[],
): Generator<Finding> {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const here = stageOf(environment.split('/').at(-1) ?? '') ?? stageOf(environment)
  const stages = new Map<string, ReturnType<typeof stageOf>>()
  const stageCalled = (name: string) => {
    if (!stages.has(name)) stages.set(name, stageOf(name))
    return stages.get(name)
  }
  // Where all that says a stage says the same one, as mostly, no edge has to be looked at.
  const told = new Set(here && [here.stage])
  for (const node of nodes) {
    const stage = stageCalled(node.workload ? (node.workload.namespace ?? '') : node.id)?.stage
    if (stage !== undefined) told.add(stage)
  }
  if (told.size < 2) return
  for (const edge of edges) {
    if (edge.state === 'confirmed' || edge.state === 'declared') continue
    const from = byId.get(edge.from)
    const to = byId.get(edge.to)
    if (!from || !to) continue
    const own = stageCalled(from.workload?.namespace ?? '') ?? here
    // A workload is where its namespace is; all else is where its name says.
    const host = to.workload ? (to.workload.namespace ?? '') : to.id
    const other = stageCalled(host)
    if (!own || !other || own.stage === other.stage) continue
    const evidence = edge.evidence.find(item => item.file !== undefined)
    yield {
      kind: 'crosses-environments',
      severity: 'warning',
      message: {
        key: 'finding.crossesEnvironments',
        params: { node: from.id, own: own.word, host: to.id, other: other.word },
      },
      node: from.id,
      ...(evidence?.file !== undefined && { file: evidence.file }),
      ...(evidence?.line !== undefined && { line: evidence.line }),
    }
  }
}
