import { openRepository } from '../open-repository.ts'

/** A process that makes some commits on the current branch, again where another was faster: `publish-many.ts DIRECTORY NAME COUNT`. */
const [directory, name, count] = process.argv.slice(2)
const repository = await openRepository(directory!)
for (let k = 0; k < Number(count); ) {
  const { branch, commit: base } = await repository.head()
  const files = new Map([[`${name}-${k}`, Buffer.from(`${k}\n`)]])
  const commit = await repository.writeCommit({ base, files, message: `${name} ${k}\n` })
  const outcome = await repository.moveBranch(branch!, base, commit)
  if (outcome.kind === 'moved') k++
  else if (outcome.kind === 'dirty') throw new Error(JSON.stringify(outcome))
}
await repository[Symbol.asyncDispose]()
