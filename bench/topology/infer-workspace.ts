import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import type { TopologyView } from '../../shared/topology/contract.ts'
import type { TopologyNode } from '../../shared/topology/topology.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { compare, median, print } from '../git/compare.ts'
import { generateWorkspace, generateWorkspaceRepository, type WorkspaceShape } from './generate-workspace.ts'

/**
 * A repository opened and the graph of every environment in it shown, against parsing its YAML and nothing else; then
 * one field edited after another, each until the page holds the new graph, against that first time.
 */
export async function benchInferWorkspace(folder: string, shape: WorkspaceShape, rounds = 5): Promise<void> {
  const directory = generateWorkspaceRepository(folder, shape)
  const files = generateWorkspace(shape)
  const services = shape.plain + shape.built
  const first = await compare(
    `${services} services inferred`,
    2,
    rounds,
    async round => {
      await using open = await openWorkspace(directory, join(folder, `infer-${services}-${round}`))
      for (const { id } of await open.environments()) await open.first(id)
    },
    () => {
      for (const text of files.values()) for (const document of parseAllDocuments(text)) document.toJS()
    },
    'parsing its YAML alone',
  )
  print(first)

  // A draft that an earlier run left would be edited on.
  rmSync(join(folder, `edit-${services}`), { recursive: true, force: true })
  await using open = await openWorkspace(directory, join(folder, `edit-${services}`))
  const [environment] = await open.environments()
  const live = open.live(environment!.id)
  const { base } = await live.next(() => true)
  const workloads = base.nodes.filter(node => node.resource?.kind === 'Deployment')
  const kinds: readonly Kind[] = [
    [
      'replicas',
      (node, round) => ({ kind: 'set-replicas', resource: node.resource!, replicas: 20 + round }),
      (node, round) => node.replicas === 20 + round,
    ],
    [
      'an image',
      (node, round) => ({ kind: 'set-image', resource: node.resource!, container: 'server', image: `x:${round}` }),
      (node, round) => node.containers?.[0]?.image === `x:${round}`,
    ],
    [
      'a variable that names another service',
      (node, round) => ({
        kind: 'set-env',
        resource: node.resource!,
        container: 'server',
        name: 'UPSTREAM_ADDR',
        value: { value: `${workloads[round * 3]!.id}:80` },
      }),
      (node, round) =>
        node.containers?.[0]?.env.some(({ value }) => value === `${workloads[round * 3]!.id}:80`) === true,
    ],
    [
      'a whole file, with a Service that many call',
      (node, round) => {
        const file = node.resource!.file.replace('deployment.yaml', 'service.yaml')
        return { kind: 'set-file', file, text: files.get(file)!.replace('port: 80', `port: ${8000 + round}`) }
      },
      (node, round) => node.services[0]?.ports[0]?.port === 8000 + round,
    ],
  ]
  let number = 0
  for (const [kind, edit, isDone] of kinds) {
    const times: number[] = []
    for (let round = 0; round < 7; round++) {
      const node = workloads[(number++ * 37) % workloads.length]!
      const before = performance.now()
      await open.edit(edit(node, round))
      await live.next(view => view.draft?.nodes.some(each => each.id === node.id && isDone(each, round)) === true)
      times.push(performance.now() - before)
    }
    const usual = median(times)
    console.log(
      `  ${kind}: ${usual.toFixed(0)} ms until the page holds the new graph, ${((usual / first.ours) * 100).toFixed(1)} % of the first (goal 5 %), at most ${Math.max(...times).toFixed(0)} ms`,
    )
  }
  const { longest, letters } = open.hold
  console.log(
    `  the page is held up by one text for at most ${longest.toFixed(0)} ms (goal 50), the longest has ${(letters / 1024).toFixed(0)} KiB; peak RSS of core and page ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
  )
}

type Kind = readonly [
  string,
  edit: (node: TopologyNode, round: number) => Edit,
  isDone: (node: TopologyNode, round: number) => boolean,
]

async function openWorkspace(directory: string, data: string) {
  const core = await createCore(testHost(data))
  const [coreSide, pageSide] = inMemoryChannel()
  core.answer(coreSide)
  /** What the page does with one text before it can do anything else. */
  const hold = { longest: 0, letters: 0 }
  const api = createClient(contract, {
    ...pageSide,
    onText: listener =>
      pageSide.onText(text => {
        const start = performance.now()
        listener(text)
        hold.longest = Math.max(hold.longest, performance.now() - start)
        hold.letters = Math.max(hold.letters, text.length)
      }),
  })
  const { workspace } = await api.workspaces.open({ directory })
  const leave = new AbortController()
  return {
    hold,
    environments: () => api.workspaces.environments({ workspace }),
    edit: (edit: Edit) => api.draft.edit({ workspace, edits: [edit] }),
    async first(environment: string): Promise<TopologyView> {
      for await (const view of api.topology.graph({ workspace, environment })) return view
      throw new Error('no graph came')
    },
    live(environment: string) {
      const views = api.topology.graph({ workspace, environment }, { signal: leave.signal })[Symbol.asyncIterator]()
      return {
        /** The next graph that holds what is waited for. */
        async next(holds: (view: TopologyView) => boolean): Promise<TopologyView> {
          while (true) {
            const { done, value } = await views.next()
            if (done) throw new Error('the stream ended')
            if (holds(value)) return value
          }
        },
      }
    },
    async [Symbol.asyncDispose]() {
      leave.abort()
      await core[Symbol.asyncDispose]()
    },
  }
}

if (import.meta.main) {
  const folder = process.argv[2] ?? join(import.meta.dirname, '../../.bench')
  await benchInferWorkspace(folder, { plain: 900, built: 100 })
  if (process.argv[3] === 'large') await benchInferWorkspace(folder, { plain: 10_000, built: 0 }, 1)
}
