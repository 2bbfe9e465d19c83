import type { Maker } from '../../../shared/compare/contract.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { carryLines } from '../../../shared/drift/carry-lines.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'

/** Commits of one file that are looked at; a line that is older stays untold. */
const farthest = 300

/** Which commit wrote each of these lines of a file, as `git blame` finds it. Lines are 1-based. */
export async function whoWrote(
  workspace: Workspace,
  revision: ObjectId,
  file: string,
  lines: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Maker>> {
  const { repository } = workspace
  const found = new Map<number, Maker>()
  const oids: ObjectId[] = []
  for await (const oid of repository.touching(revision, [file], { signal })) oids.push(oid)
  const commits = await Promise.all(oids.map(oid => repository.commit(oid)))
  commits.sort((a, b) => b.committer.time - a.committer.time)
  let open = new Map(lines.map(line => [line, line]))
  const textAt = async (commit: ObjectId | undefined): Promise<string> => {
    const bytes = commit === undefined ? null : await repository.fileAt(commit, file)
    return (bytes && decodeText(bytes)) ?? ''
  }
  for (const commit of commits.slice(0, farthest)) {
    if (open.size === 0) break
    const [before, after] = [await textAt(commit.parents[0]), await textAt(commit.oid)]
    const carried = carryLines(before, after, [...open.values()])
    const next = new Map<number, number>()
    for (const [line, now] of open) {
      const old = carried.get(now) ?? null
      if (old === null) found.set(line, makerOf(commit))
      else next.set(line, old)
    }
    open = next
  }
  return found
}

function makerOf(commit: GitCommit): Maker {
  const { id, decisionId, title, kind, author } = readDecision(commit)
  return { commit: id, decisionId, title, kind, author: author.name, time: author.time }
}
