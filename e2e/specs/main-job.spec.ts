import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../open-app.ts'
import { workbench } from '../pages/workbench.ts'
import { pilothouse } from '../world/command-line.ts'
import { hasCorpus, onlineBoutique } from '../world/corpus.ts'
import { addRemote, git, makeRepository, repositoryFrom, smallShop } from '../world/git-repository.ts'
import type { Home } from '../world/isolated-home.ts'
import { judgeDecision } from '../world/judge-decision.ts'

// The one spec that meets the page as most people do: what moves, moves.
test.use({ contextOptions: { reducedMotion: 'no-preference' } })

type Ground = { readonly directory: string; readonly remote: string }

const grounds: readonly {
  readonly name: string
  readonly here: boolean
  make(home: Home, name: string): Ground
}[] = [
  {
    name: "somebody else's repository",
    here: hasCorpus,
    make: (home, name) => repositoryFrom(home, onlineBoutique, name),
  },
  {
    name: 'a small shop',
    here: true,
    make: (home, name) => {
      const directory = makeRepository(home, name, smallShop)
      return { directory, remote: addRemote(home, directory) }
    },
  },
]

type Graph = {
  readonly environment: string
  readonly nodes: readonly {
    readonly id: string
    readonly kind: string
    readonly file: string
    readonly replicas?: number
    readonly workload?: { readonly kind: string }
  }[]
  readonly edges: readonly { readonly from: string; readonly to: string; readonly class: string }[]
}

/** A service in the middle: it is called, and it calls the most others. */
async function busiest(home: Home, directory: string): Promise<{ id: string; file: string; replicas: number }> {
  const { out } = await pilothouse(home, directory, ['topology'])
  const { nodes, edges } = JSON.parse(out) as Graph
  const calls = (id: string) => edges.filter(({ from }) => from === id).length
  const [first] = nodes
    .filter(
      ({ id, kind, workload }) => kind === 'service' && workload?.kind === 'Deployment' && edges.some(e => e.to === id),
    )
    .sort((a, b) => calls(b.id) - calls(a.id))
  if (!first) throw new Error('The repository declares no service that is called')
  return { id: first.id, file: first.file, replicas: first.replicas ?? 1 }
}

/** One field was changed: one line in, and the one that was there out. */
function isOneLine(lines: readonly string[], replicas: number): void {
  const added = lines.filter(line => line.startsWith('+'))
  expect(added).toHaveLength(1)
  expect(added[0]).toMatch(new RegExp(`^\\+ *replicas: ${replicas}\\b`))
  expect(lines.length - added.length, 'at most the line that was there goes').toBeLessThanOrEqual(1)
}

for (const { name, here, make } of grounds) {
  test(`${name} opens, is scaled on the graph, committed with a why, and pushed`, async ({ home, openApp }) => {
    test.skip(!here, 'NOT RUN: the corpus is not here (PILOTHOUSE_CORPUS)')
    const { directory, remote } = make(home, 'ground')
    const before = git(home, directory, 'rev-parse', 'HEAD')
    const { id, file, replicas } = await busiest(home, directory)
    const bench = workbench((await openApp(directory)).page)

    await bench.select(id)
    await bench.step(id, 'more')
    await bench.draftSays('1 edit')
    await expect(bench.node(id)).toContainText(String(replicas + 1))
    await bench.openDock()
    // The lines themselves, as the diff marks them.
    const diff = bench.dock.getByRole('code').or(bench.dock.locator('.monaco-diff-editor'))
    await expect(diff.first()).toBeVisible({ timeout: 30_000 })
    await expect(bench.dock.locator('.editor.modified .view-overlays .line-insert')).toHaveCount(1)
    expect(await bench.dock.locator('.editor.original .view-overlays .line-delete').count()).toBeLessThanOrEqual(1)
    await expect(bench.dock.locator('.editor.modified .view-lines')).toContainText(
      new RegExp(`replicas:\\s${replicas + 1}`),
    )
    expect(git(home, directory, 'status', '--porcelain'), 'nothing is written before the commit').toBe('')

    const why = 'The sale begins on Friday, and last year this was the first to be slow.'
    const commit = await bench.commit({ why })
    await expect(bench.toasts).toContainText('main is pushed.')
    await bench.draftSays('No changes')
    const judged = judgeDecision(home, directory, remote)
    expect(judged.commit.slice(0, 8)).toBe(commit)
    expect(judged.trailers).toMatchObject({ 'Decision-Kind': 'scale', 'Decision-Services': id })
    isOneLine(judged.lines, replicas + 1)
    expect(git(home, directory, 'rev-parse', 'HEAD~1')).toBe(before)
    expect(git(home, directory, 'log', '-1', '--format=%b')).toContain(why)
    expect(git(home, directory, 'diff', '--name-only', 'HEAD~1', 'HEAD', '--', ':!decisions')).toBe(file)
    writeFileSync(join(home.folder, 'message'), git(home, directory, 'log', '-1', '--format=%B'))
    expect(git(home, directory, 'interpret-trailers', '--parse', join(home.folder, 'message'))).toMatch(
      /^Decision-Id: [0-9A-HJKMNP-TV-Z]{26}$/m,
    )
  })

  test(`${name} is scaled from the command line as well`, async ({ home }) => {
    test.skip(!here, 'NOT RUN: the corpus is not here (PILOTHOUSE_CORPUS)')
    const { directory, remote } = make(home, 'ground')
    const { id, replicas } = await busiest(home, directory)
    const ran = await pilothouse(home, home.folder, [
      ...['edit', 'ground', '--set-replicas', `${id}=${replicas + 1}`],
      ...['--commit', '-m', `one more ${id}`, '--why', 'One is none.', '--push'],
    ])
    expect([ran.code, ran.err.includes('main')]).toEqual([0, true])
    const judged = judgeDecision(home, directory, remote)
    expect(ran.out.trim()).toBe(judged.commit)
    expect(judged.trailers).toMatchObject({ 'Decision-Kind': 'scale', 'Decision-Services': id })
    isOneLine(judged.lines, replicas + 1)
  })
}
