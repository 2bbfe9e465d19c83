import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGitEnvironment } from '../../src-main/adapters/git/open/git-environment.ts'
import { openRepositoryWith } from '../../src-main/adapters/git/open-repository.ts'
import { type Comparison, compare, print } from './compare.ts'
import { generateRepository } from './generate-repository.ts'
import { benchVariables, runGit } from './run-git.ts'

/** One changed file committed to the current branch, work tree and index brought along, against `git add` + `git commit`. */
export async function benchCommitDecision(folder: string, rounds = 21): Promise<Comparison> {
  const source = await generateRepository(folder)
  const [mine, theirs] = ['commit-ours', 'commit-git'].map(name => join(folder, name)) as [string, string]
  for (const copy of [mine, theirs]) {
    rmSync(copy, { recursive: true, force: true })
    cpSync(source, copy, { recursive: true, preserveTimestamps: true })
    runGit(copy, 'update-index', '-q', '--refresh')
  }
  const environment = readGitEnvironment(benchVariables)
  const file = (round: number): string => {
    const service = (round * 37) % 2000
    return `apps/team-${Math.floor(service / 40)}/svc-${service % 40}/f-${service * 5}.yaml`
  }
  const content = (round: number): string => `replicas: ${round}\n`
  await using repository = await openRepositoryWith({ environment })(mine)
  const result = await compare(
    'decision (writeCommit + moveBranch)',
    1,
    rounds,
    async round => {
      const head = (await repository.head()).commit!
      const files = new Map([[file(round), Buffer.from(content(round))]])
      const commit = await repository.writeCommit({ base: head, files, message: `Change ${round}\n` })
      const outcome = await repository.moveBranch('main', head, commit)
      if (outcome.kind !== 'moved') throw new Error(JSON.stringify(outcome))
    },
    round => {
      writeFileSync(join(theirs, file(round)), content(round))
      runGit(theirs, 'add', file(round))
      runGit(theirs, 'commit', '-q', '-m', `Change ${round}`)
    },
  )
  for (const copy of [mine, theirs]) {
    if (runGit(copy, 'status', '--porcelain') !== '') throw new Error(`${copy} is not clean`)
    if (runGit(copy, 'rev-list', '--count', 'HEAD').trim() !== String(20_000 + rounds))
      throw new Error('commits are missing')
  }
  if (runGit(mine, 'rev-parse', 'HEAD^{tree}') !== runGit(theirs, 'rev-parse', 'HEAD^{tree}'))
    throw new Error('trees differ')
  runGit(mine, 'fsck', '--strict')
  return result
}

if (import.meta.main) print(await benchCommitDecision(process.argv[2] ?? join(import.meta.dirname, '../../.bench')))
