import { compareVerdicts, saidBy, type VerdictDifference } from '../../../shared/compare/compare-verdicts.ts'
import type { Blame, Maker } from '../../../shared/compare/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import { findEnvironment, readerOf } from '../topology/index.ts'
import type { Ground } from './compare-sides.ts'
import { pathsOf } from './find-makers.ts'
import { makerOf, type Side, type Sides } from './find-sides.ts'
import type { Judge } from './judge-sides.ts'

/** What the gate says of all there is at a commit, item by item. */
type Said = ReadonlySet<string>

/**
 * Which commit made the gate say otherwise. To judge all of a point costs more than to compare two, so the way between
 * is halved again and again: what is found is a commit after which the gate says what it says at the newer point and
 * before which it did not. Adds to what is found already; of two branches, and of two environments, it tells nothing.
 */
export async function* findVerdictMakers(
  ground: Ground,
  { a, b, across, between }: Sides,
  judge: Judge,
  found: Blame,
  signal: AbortSignal,
): AsyncGenerator<Blame> {
  const forward = between.relation === 'forward' || between.relation === 'same'
  const [newer, older] = forward ? [b, a] : [a, b]
  const { items } = compareVerdicts(judge.whole(a), judge.whole(b))
  if (items.length === 0 || across || (!forward && between.relation !== 'backward')) return yield found
  const makers: Maker[] = [...found.makers]
  const made: { [key: string]: number } = { ...found.made }
  const blame = (done: boolean): Blame => ({ ...found, makers: [...makers], made: { ...made }, done })
  const commits = await commitsBetween(ground, newer, older, signal)
  const known = new Map<ObjectId | null, Promise<Said>>()
  const saidAt = (commit: ObjectId | null): Promise<Said> => {
    const before = known.get(commit)
    if (before) return before
    const saying = judged(ground, judge, newer, commit, signal)
    known.set(commit, saying)
    return saying
  }
  for (const item of items) {
    const [key, isAsNow] = [item.key, asAtNewer(item, forward)]
    if (newer.texts.size > 0 && !isAsNow(await saidAt(newer.commit))) made[key] = -1
    else {
      const commit = await firstThatSays(commits, isAsNow, saidAt)
      if (commit) made[key] = numberOf(makers, commit)
    }
    yield blame(false)
  }
  yield blame(true)
}

/** Whether a point says what the newer one says of a matter: the item is there, or it is gone. */
const asAtNewer =
  ({ before, after }: VerdictDifference, forward: boolean) =>
  (said: Said): boolean => {
    const [now, then] = forward ? [after, before] : [before, after]
    return now ? said.has(saidBy(now)) : then !== null && !said.has(saidBy(then))
  }

/** Oldest first: the commits that touch a file the gate looks at. */
async function commitsBetween(ground: Ground, newer: Side, older: Side, signal: AbortSignal): Promise<GitCommit[]> {
  const { repository } = ground.workspace
  if (newer.commit === null) return []
  const range = { ...(older.commit !== null && { until: older.commit }), signal }
  const paths = [
    ...(await pathsOf('topology', ground, newer, older, signal)),
    ...(await pathsOf('rules', ground, newer, older, signal)),
  ]
  const touching = new Set<ObjectId>()
  for await (const oid of repository.touching(newer.commit, paths, range)) touching.add(oid)
  const commits: GitCommit[] = []
  for await (const commit of repository.log(newer.commit, range)) if (touching.has(commit.oid)) commits.push(commit)
  return commits.reverse()
}

/** Null where no commit alone made it so: a merge did. */
async function firstThatSays(
  commits: readonly GitCommit[],
  holds: (said: Said) => boolean,
  saidAt: (commit: ObjectId | null) => Promise<Said>,
): Promise<GitCommit | null> {
  let [low, high] = [-1, commits.length - 1]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(await saidAt(commits[middle]!.oid))) high = middle
    else low = middle
  }
  const commit = commits[high]
  if (!commit || !holds(await saidAt(commit.oid)) || holds(await saidAt(commit.parents[0] ?? null))) return null
  return commit
}

async function judged(
  { workspace }: Ground,
  judge: Judge,
  { environment }: Side,
  commit: ObjectId | null,
  signal: AbortSignal,
): Promise<Said> {
  // Others want to be answered between two points.
  await new Promise(resolve => setTimeout(resolve))
  if (signal.aborted) throw new AppError('cancelled', 'error.cancelled')
  const reader = readerOf(workspace)
  const files = await reader.filesAt(commit)
  const there = environment && findEnvironment(reader, files, environment.id)
  const gate = judge.whole({ commit, files, environment: there, texts: new Map() })
  return new Set(gate?.items.map(saidBy))
}

function numberOf(makers: Maker[], commit: GitCommit): number {
  const at = makers.findIndex(maker => maker.commit === commit.oid)
  return at >= 0 ? at : makers.push(makerOf(commit)) - 1
}
