import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { clone } from '../../src-main/adapters/git/remote/clone.ts'
import { type Comparison, compare, print } from './compare.ts'
import { generateRepository } from './generate-repository.ts'
import { benchClock, benchEnvironment, benchNeeds } from './remotes-for-bench.ts'
import { runGit } from './run-git.ts'
import { runMeasuredGit } from './run-measured-git.ts'
import { serveGitElsewhere } from './serve-git.ts'

/** A clone over http without files, and one with them, against `git clone [--no-checkout]`. */
export async function benchClone(
  folder: string,
  rounds = 5,
): Promise<readonly (Comparison & { gitPeakMiB: number })[]> {
  const source = await generateRepository(folder)
  await using server = await serveGitElsewhere(folder)
  const url = `${server.url}${basename(source)}/.git`
  const signal = new AbortController().signal
  const results: (Comparison & { gitPeakMiB: number })[] = []
  for (const files of [false, true]) {
    const fresh = (name: string): string => {
      const directory = join(folder, name)
      rmSync(directory, { recursive: true, force: true })
      return directory
    }
    let gitPeakMiB = 0
    let [mine, theirs] = ['', '']
    const result = await compare(
      files ? 'clone over http' : 'clone over http, without files',
      3,
      rounds,
      async round => {
        mine = fresh(`clone-ours-${round}`)
        await clone(url, mine, benchNeeds, {
          signal,
          environment: benchEnvironment,
          clock: benchClock,
          checkOut: files,
        })
      },
      async round => {
        theirs = fresh(`clone-git-${round}`)
        const peak = await runMeasuredGit(folder, 'clone', '-q', ...(files ? [] : ['--no-checkout']), url, theirs)
        gitPeakMiB = Math.max(gitPeakMiB, peak)
      },
    )
    if (runGit(mine, 'rev-parse', 'HEAD', 'origin/main') !== runGit(theirs, 'rev-parse', 'HEAD', 'origin/main'))
      throw new Error('clones differ')
    if (files && runGit(mine, 'status', '--porcelain') !== '') throw new Error('the clone is not clean')
    runGit(mine, 'fsck', '--strict')
    for (let round = 0; round < rounds; round++)
      for (const name of ['clone-ours', 'clone-git']) fresh(`${name}-${round}`)
    results.push({ ...result, gitPeakMiB })
  }
  return results
}

if (import.meta.main)
  for (const result of await benchClone(process.argv[2] ?? join(import.meta.dirname, '../../.bench'))) {
    print(result)
    console.log(`  peak RSS of system git's processes: ${result.gitPeakMiB.toFixed(0)} MiB`)
  }
