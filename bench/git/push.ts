import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openRepositoryWith } from '../../src-main/adapters/git/open-repository.ts'
import { openLocalClone } from '../../src-main/adapters/git/remote/local-clone.ts'
import { pushCommit } from '../../src-main/adapters/git/remote/push.ts'
import { type Comparison, compare, print } from './compare.ts'
import { generateRepository } from './generate-repository.ts'
import { benchClock, benchEnvironment, benchNeeds } from './remotes-for-bench.ts'
import { runGit } from './run-git.ts'
import { runMeasuredGit } from './run-measured-git.ts'
import { serveGitElsewhere } from './serve-git.ts'

/** One decision pushed over http by its id, against `git push <remote> <id>:refs/heads/main`. */
export async function benchPush(folder: string, rounds = 21): Promise<Comparison & { gitPeakMiB: number }> {
  const source = await generateRepository(folder)
  await using server = await serveGitElsewhere(folder)
  const clones = ['ours', 'git'].map(side => {
    const [remote, copy] = [join(folder, `push-${side}.git`), join(folder, `push-${side}`)]
    for (const directory of [remote, copy]) rmSync(directory, { recursive: true, force: true })
    cpSync(join(source, '.git'), remote, { recursive: true })
    runGit(remote, 'config', 'core.bare', 'true')
    runGit(remote, 'config', 'http.receivepack', 'true')
    cpSync(join(source, '.git'), join(copy, '.git'), { recursive: true })
    runGit(copy, 'remote', 'add', 'origin', `${server.url}push-${side}.git`)
    runGit(copy, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
    return { remote, copy }
  })
  const [mine, theirs] = clones as [(typeof clones)[0], (typeof clones)[0]]
  /** As many decisions on top of one another as there are rounds, made before the clock runs. */
  const decisions = async (copy: string): Promise<readonly string[]> => {
    await using repository = await openRepositoryWith({ environment: benchEnvironment, clock: benchClock })(copy)
    let base = (await repository.head()).commit!
    const made = [base]
    for (let round = 0; round < rounds; round++) {
      const service = (round * 37) % 2000
      const path = `apps/team-${Math.floor(service / 40)}/svc-${service % 40}/f-${service * 5}.yaml`
      const record = `decisions/2026-01-01-decision-${round}/README.md`
      const files = new Map([
        [path, Buffer.from(`replicas: ${round}\n`)],
        [record, Buffer.from(`# Decision ${round}\n\n${'Why, in words. '.repeat(40)}\n`)],
      ])
      base = await repository.writeCommit({ base, files, message: `DECISION: number ${round}\n` })
      made.push(base)
    }
    return made
  }
  const [ours, git] = [await decisions(mine.copy), await decisions(theirs.copy)]
  let gitPeakMiB = 0
  const result = await compare(
    'push of one decision over http',
    3,
    rounds,
    async round => {
      using local = openLocalClone(mine.copy, benchEnvironment, benchClock)
      const signal = new AbortController().signal
      const pushed = await pushCommit(
        local,
        'origin',
        ours[round + 1]!,
        'refs/heads/main',
        ours[round]!,
        benchNeeds,
        undefined,
        signal,
      )
      if (pushed.kind !== 'pushed') throw new Error(JSON.stringify(pushed))
    },
    async round => {
      const peak = await runMeasuredGit(theirs.copy, 'push', '-q', 'origin', `${git[round + 1]}:refs/heads/main`)
      gitPeakMiB = Math.max(gitPeakMiB, peak)
    },
  )
  for (const [{ remote, copy }, made] of [
    [mine, ours],
    [theirs, git],
  ] as const) {
    if (runGit(remote, 'rev-parse', 'main').trim() !== made.at(-1)) throw new Error(`${remote} has not moved`)
    if (runGit(copy, 'rev-parse', 'origin/main').trim() !== made.at(-1)) throw new Error(`${copy} did not notice`)
  }
  runGit(mine.remote, 'fsck', '--strict')
  return { ...result, gitPeakMiB }
}

if (import.meta.main) {
  const result = await benchPush(process.argv[2] ?? join(import.meta.dirname, '../../.bench'))
  print(result)
  console.log(`  peak RSS of system git's processes: ${result.gitPeakMiB.toFixed(0)} MiB`)
}
