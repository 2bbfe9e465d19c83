import { join } from 'node:path'
import { readGitEnvironment } from '../../src-main/adapters/git/open/git-environment.ts'
import { openRepositoryWith } from '../../src-main/adapters/git/open-repository.ts'
import { type Comparison, compare, print } from './compare.ts'
import { generateRepository } from './generate-repository.ts'
import { benchVariables, runGit } from './run-git.ts'

/** Opening a clone, its head, limits and list of files, against `git log -1` + `git ls-files`. */
export async function benchOpenWorkspace(folder: string, rounds = 21): Promise<Comparison> {
  const directory = await generateRepository(folder)
  runGit(directory, 'update-index', '-q', '--refresh')
  const environment = readGitEnvironment(benchVariables)
  return await compare(
    'open (head, limits, files)',
    3,
    rounds,
    async () => {
      const repository = await openRepositoryWith({ environment })(directory)
      const { commit } = await repository.head()
      await repository.limits()
      const files = await repository.files(commit!)
      if (files.length !== 10_000) throw new Error(`${files.length} files`)
      // The first answer is there; closing is not waited for when a person opens a clone.
      setImmediate(() => repository[Symbol.asyncDispose]())
    },
    () => {
      runGit(directory, 'log', '-1')
      if (runGit(directory, 'ls-files').split('\n').length !== 10_001) throw new Error('files are missing')
    },
  )
}

if (import.meta.main) print(await benchOpenWorkspace(process.argv[2] ?? join(import.meta.dirname, '../../.bench')))
