import { spawnSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { type Comparison, compare, print } from './compare.ts'
import { generateRepository } from './generate-repository.ts'
import { benchVariables, runGit } from './run-git.ts'

/**
 * A whole decision (graph of all 10,000 workloads, gate, record, snapshot, commit, index and work tree) against
 * `git add` + `git commit` of the same file, which do none of that. Three ways: as a person waits for it, who has the
 * draft, its graph and its gate on the page and presses Commit; in one step without a draft, the core running; and as a
 * command from nothing, which reads and infers everything first.
 */
export async function benchPublishDecision(folder: string, rounds = 11): Promise<readonly Comparison[]> {
  const source = await generateRepository(folder)
  const [mine, theirs] = ['publish-ours', 'publish-git'].map(name => join(folder, name)) as [string, string]
  for (const copy of [mine, theirs]) {
    rmSync(copy, { recursive: true, force: true })
    cpSync(source, copy, { recursive: true, preserveTimestamps: true })
    runGit(copy, 'config', 'user.name', 'Bench')
    runGit(copy, 'config', 'user.email', 'bench@example.com')
    runGit(copy, 'update-index', '-q', '--refresh')
  }
  let changed = 0
  const git = (): void => {
    const file = fileOf(++changed)
    writeFileSync(join(theirs, file), `replicas: ${changed}\n`)
    runGit(theirs, 'add', file)
    runGit(theirs, 'commit', '-q', '-m', `Change ${changed}`)
  }
  const results: Comparison[] = []
  {
    await using page = await openPage(mine, join(folder, 'publish-data'))
    let seen = ''
    results.push(
      await compare(
        'decision pressed on a draft that is shown',
        1,
        rounds,
        round => page.publish(`Round ${round}`, seen),
        git,
        undefined,
        // What a person sees before they press is there, and what followed the last decision is over.
        async round => {
          seen = await page.draft(scaled(round))
        },
      ),
      await compare(
        'decision in one step, without a draft',
        1,
        rounds,
        round => page.publish(`Step ${round}`, null, [scaled(100 + round)]),
        git,
        undefined,
        () => page.rest(),
      ),
    )
  }
  results.push(
    await compare(
      'the command `edit --commit`, from nothing',
      1,
      3,
      async round => {
        const scale = `svc-${numberOf(200 + round)}=${900 + round}`
        const words = ['--set-replicas', scale, '--commit', '-m', `Scale ${round}`, '--why', 'Measured.']
        const { status, stderr } = spawnSync(process.execPath, [command, 'edit', mine, ...words], {
          env: { ...benchVariables, PILOTHOUSE_DATA: join(folder, 'publish-data-command') },
          encoding: 'utf8',
        })
        if (status !== 0) throw new Error(stderr)
      },
      git,
    ),
  )
  if (runGit(mine, 'status', '--porcelain') !== '') throw new Error('the clone is not clean')
  if (runGit(mine, 'rev-list', '--count', 'HEAD').trim() !== String(20_000 + rounds * 2 + 3))
    throw new Error('decisions are missing')
  runGit(mine, 'fsck', '--strict')
  return results
}

const command = join(import.meta.dirname, '../../bin/pilothouse')
const numberOf = (round: number): number => (round * 37) % 10_000

function fileOf(round: number): string {
  const service = Math.floor(numberOf(round) / 5)
  return `apps/team-${Math.floor(service / 40)}/svc-${service % 40}/f-${numberOf(round)}.yaml`
}

const scaled = (round: number): Edit => ({
  kind: 'set-replicas',
  resource: { file: fileOf(round), kind: 'Deployment', name: `svc-${numberOf(round)}` },
  replicas: 900 + round,
})

/** A core with what a page has open: the draft and the graph, both live. */
async function openPage(directory: string, data: string) {
  const core = await createCore(testHost(data))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory })
  const [environment] = await api.workspaces.environments({ workspace })
  if (!environment) throw new Error('the repository declares nothing')
  const leave = new AbortController()
  const drafts = api.draft.view({ workspace }, { signal: leave.signal })[Symbol.asyncIterator]()
  const graphs = api.topology
    .graph({ workspace, environment: environment.id }, { signal: leave.signal })
    [Symbol.asyncIterator]()
  let at = ''
  const start = performance.now()
  const first = await next(graphs, () => true)
  console.log(`  first graph of ${first.base.nodes.length} workloads: ${(performance.now() - start).toFixed(0)} ms`)
  await next(drafts, () => true)

  /** Until the page shows the branch as it is, without a draft. */
  const rest = async (): Promise<void> => {
    if (at === '') return
    await next(graphs, view => view.base.revision === at && view.draft === null)
    await next(drafts, view => view.base === at && view.edits.length === 0)
    at = ''
  }
  return {
    rest,
    /** Drafts an edit; the id of what the page then shows. */
    async draft(edit: Edit): Promise<string> {
      await rest()
      await api.draft.edit({ workspace, edits: [edit] })
      await next(graphs, view => view.draft !== null)
      const { changeSetId } = await next(drafts, view => view.changeSetId !== null)
      return changeSetId!
    },
    async publish(title: string, changeSetId: string | null, edits?: readonly Edit[]): Promise<void> {
      const words = { title, why: 'Measured.', kind: 'scale', target: { kind: 'current-branch' }, push: false } as const
      const outcome = await api.draft.publish({ workspace, changeSetId, ...words, ...(edits && { edits: [...edits] }) })
      if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome))
      at = outcome.commit
    },
    async [Symbol.asyncDispose]() {
      leave.abort()
      await core[Symbol.asyncDispose]()
    },
  }
}

/** The next value that holds what is waited for. */
async function next<T>(values: AsyncIterator<T>, holds: (value: T) => boolean): Promise<T> {
  while (true) {
    const { done, value } = await values.next()
    if (done) throw new Error('the stream ended')
    if (holds(value)) return value
  }
}

if (import.meta.main)
  for (const result of await benchPublishDecision(process.argv[2] ?? join(import.meta.dirname, '../../.bench')))
    print(result)
