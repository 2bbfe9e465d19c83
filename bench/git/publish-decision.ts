import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { type Comparison, compare, print } from './compare.ts'
import { generateRepository } from './generate-repository.ts'
import { runGit } from './run-git.ts'

/**
 * A whole decision as a person makes it (edit applied, graph of all 10,000 workloads compared, gate, record, snapshot,
 * commit, index and work tree) against `git add` + `git commit` of the same file, which do none of that.
 */
export async function benchPublishDecision(folder: string, rounds = 7): Promise<Comparison> {
  const source = await generateRepository(folder)
  const [mine, theirs] = ['publish-ours', 'publish-git'].map(name => join(folder, name)) as [string, string]
  for (const copy of [mine, theirs]) {
    rmSync(copy, { recursive: true, force: true })
    cpSync(source, copy, { recursive: true, preserveTimestamps: true })
    runGit(copy, 'config', 'user.name', 'Bench')
    runGit(copy, 'config', 'user.email', 'bench@example.com')
    runGit(copy, 'update-index', '-q', '--refresh')
  }
  await using core = await createCore(testHost(join(folder, 'publish-data')))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory: mine })
  const [environment] = await api.workspaces.environments({ workspace })
  if (!environment) throw new Error('the repository declares nothing')
  const first = performance.now()
  let nodes: readonly { id: string; replicas?: number; resource?: { file: string } }[] = []
  for await (const view of api.topology.graph({ workspace, environment: environment.id })) {
    nodes = view.base.nodes
    break
  }
  console.log(`  first graph of ${nodes.length} workloads: ${(performance.now() - first).toFixed(0)} ms`)
  const node = (round: number) => nodes[(round * 37) % nodes.length]!

  const result = await compare(
    'whole decision (edit, graph, gate, record, commit)',
    1,
    rounds,
    async round => {
      const { id, resource } = node(round)
      const outcome = await api.draft.publish({
        workspace,
        changeSetId: null,
        edits: [
          { kind: 'set-replicas', resource: { ...resource!, kind: 'Deployment', name: id }, replicas: 900 + round },
        ],
        title: `Scale ${id}`,
        why: 'Measured.',
        kind: 'scale',
        target: { kind: 'current-branch' },
        push: false,
      })
      if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome))
    },
    round => {
      const { file } = node(round).resource!
      writeFileSync(join(theirs, file), `replicas: ${round}\n`)
      runGit(theirs, 'add', file)
      runGit(theirs, 'commit', '-q', '-m', `Change ${round}`)
    },
  )
  if (runGit(mine, 'status', '--porcelain') !== '') throw new Error('the clone is not clean')
  runGit(mine, 'fsck', '--strict')
  return result
}

if (import.meta.main) print(await benchPublishDecision(process.argv[2] ?? join(import.meta.dirname, '../../.bench')))
