import { isTreeFile } from '../../../shared/compare/compare-rules.ts'
import type { Blame, Maker, Part } from '../../../shared/compare/contract.ts'
import { type Change, fieldKey, type Subject, subjectOf } from '../../../shared/compare/difference.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import { rulesFolder } from '../../../shared/rules/rule-schema.ts'
import { isRuleFile } from '../../../shared/rules/workspace-rules.ts'
import { treesFolder } from '../../../shared/trees/tree-schema.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import { setReaderOf } from '../dependencies/index.ts'
import { findEnvironment, readerOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import { type Ground, subjectsOf, topologyOfSide } from './compare-sides.ts'
import { makerOf, type Side, type Sides } from './find-sides.ts'

/** Commits that touch a file of the part; what is older stays untold. */
const farthest = 20_000
/** Steps whose differences are kept, of all environments and parts of a workspace. */
const mostKept = 20_000
/** Merges that are looked at where nothing else made a difference. */
const mostMerges = 200

/** What one commit, or a draft, made of its parent. */
type Step = {
  /** Values after it, by the key of the field. */
  readonly fields: ReadonlyMap<string, string | null>
  readonly subjects: ReadonlyMap<string, { readonly change: Change; readonly fields: readonly string[] }>
}

/** What is looked for: a field, or a thing as a whole, with what it is at the point. */
type Wanted = {
  /** The key that the difference goes by. */
  readonly key: string
  readonly own: string
  readonly field: string | null
  readonly value: string | null
  readonly there: boolean
}

const steps = new WeakMap<Workspace, Map<string, Promise<Step>>>()

/**
 * Which commit made each difference: the histories of both points are walked back to where they meet, newest first, and
 * each commit is compared with its parent in the same way as the points are with each other. Of two environments it is
 * the newest commit that gave either its value. Commits that touch none of the files cost nothing, and what one commit
 * changed is worked out once. Gives what it has found again and again; ends early when all is found.
 */
export async function* findMakers(
  ground: Ground,
  sides: Sides,
  part: Part,
  signal: AbortSignal,
): AsyncGenerator<Blame> {
  const { a, b, across, base } = sides
  const subjects = await subjectsOf(part, ground, a, b, across, signal)
  const makers: Maker[] = []
  const numbers = new Map<ObjectId, number>()
  const made = new Map<string, number>()
  let looked = 0
  const blame = (done: boolean): Blame => ({ makers: [...makers], made: Object.fromEntries(made), looked, done })
  const tell = (key: string, commit: GitCommit): void => {
    const before = made.get(key)
    // Of two environments, or two branches, the later word counts.
    if (before === -1 || (before !== undefined && makers[before]!.time >= commit.author.time)) return
    let number = numbers.get(commit.oid)
    if (number === undefined) {
      number = makers.push(makerOf(commit)) - 1
      numbers.set(commit.oid, number)
    }
    made.set(key, number)
  }

  for (const [side, wanted] of [
    [b, wantedAt('b', subjects)],
    [a, wantedAt('a', subjects)],
  ] as const) {
    const open = new Map(wanted.filter(({ key }) => across || !made.has(key)).map(each => [each.key, each]))
    if (side.texts.size > 0) {
      const drafted = await stepOf(
        part,
        ground,
        { ...side, ...(await committed(ground, side)), texts: noTexts },
        side,
        signal,
      )
      for (const each of [...open.values()].filter(each => isMadeBy(each, drafted, part))) {
        made.set(each.key, -1)
        open.delete(each.key)
      }
      yield blame(false)
    }
    const walk = { ground, part, side, until: across ? null : base, other: side === a ? b : a }
    let told = made.size
    for await (const { commit, found } of walkBack(walk, open, signal)) {
      looked += 1
      for (const { key } of found) tell(key, commit)
      if (made.size > told && (looked < 8 || looked % 16 === 0)) {
        told = made.size
        yield blame(false)
      }
    }
  }
  yield blame(true)
}

const noTexts: ReadonlyMap<string, string | null> = new Map()

async function committed(
  { workspace }: Ground,
  { commit, environment }: Side,
): Promise<Pick<Side, 'files' | 'environment'>> {
  const reader = readerOf(workspace)
  const files = await reader.filesAt(commit)
  return { files, environment: environment && findEnvironment(reader, files, environment.id) }
}

function wantedAt(point: 'a' | 'b', subjects: readonly Subject<Change>[]): Wanted[] {
  return subjects.flatMap(({ key, keyA, change, fields }): Wanted[] => {
    const own = point === 'a' ? (keyA ?? key) : key
    const there = change === 'changed' || (change === 'added') === (point === 'b')
    const whole: Wanted = { key, own, field: null, value: null, there }
    const parts = fields
      .filter(({ measured }) => !measured)
      .map(field => ({
        key: field.key,
        own,
        field: field.field,
        value: point === 'a' ? field.before : field.after,
        there,
      }))
    return change === 'changed' ? parts : [whole, ...parts]
  })
}

type Walk = {
  readonly ground: Ground
  readonly part: Part
  readonly side: Side
  readonly other: Side
  /** Where the histories meet; null: they do not, or all of it counts. */
  readonly until: ObjectId | null
}

async function* walkBack(
  { ground, part, side, other, until }: Walk,
  open: Map<string, Wanted>,
  signal: AbortSignal,
): AsyncGenerator<{ commit: GitCommit; found: readonly Wanted[] }> {
  const { repository } = ground.workspace
  const tip = side.commit
  if (tip === null || tip === until || open.size === 0) return
  const range = { ...(until !== null && { until }), signal }
  const paths = await pathsOf(part, ground, side, other, signal)
  const touching = new Set<ObjectId>()
  for await (const oid of repository.touching(tip, paths, range)) touching.add(oid)
  const merges: GitCommit[] = []
  let left = Math.min(farthest, touching.size)
  const take = (step: Step): readonly Wanted[] => {
    const found = [...open.values()].filter(wanted => isMadeBy(wanted, step, part))
    for (const { key } of found) open.delete(key)
    return found
  }
  for await (const commit of repository.log(tip, range)) {
    if (commit.parents.length > 1 && merges.length < mostMerges) merges.push(commit)
    if (!touching.has(commit.oid)) continue
    yield { commit, found: take(await stepAt(part, ground, side, commit, commit.parents[0] ?? null, signal)) }
    left -= 1
    if (open.size === 0 || left === 0) break
  }
  // A merge may say what none of its parents said.
  for (const commit of merges) {
    if (open.size === 0) return
    const among: Step[] = []
    for (const parent of commit.parents) among.push(await stepAt(part, ground, side, commit, parent, signal))
    const found = [...open.values()].filter(wanted => among.every(step => isMadeBy(wanted, step, part)))
    for (const { key } of found) open.delete(key)
    yield { commit, found }
  }
}

function isMadeBy({ own, field, value, there }: Wanted, { fields, subjects }: Step, part: Part): boolean {
  const subject = subjects.get(own)
  if (!subject) return false
  if (subject.change !== 'changed') return there === (subject.change === 'added')
  if (field === null) return false
  const key = fieldKey(own, field)
  if (fields.has(key)) return fields.get(key) === value
  // A map that came as a whole, of which single keys are looked for, or the other way round.
  if (part !== 'manifests' && part !== 'rules') return false
  return subject.fields.some(each => isWithin(each, field) || isWithin(field, each))
}

const isWithin = (inner: string, outer: string): boolean =>
  inner.startsWith(outer) && (inner[outer.length] === '.' || inner[outer.length] === '[')

/** What a commit made of one of its parents; worked out once. Where the first who asks leaves, the next begins again. */
async function stepAt(
  part: Part,
  ground: Ground,
  side: Side,
  commit: GitCommit,
  parent: ObjectId | null,
  signal: AbortSignal,
): Promise<Step> {
  const kept = steps.get(ground.workspace) ?? new Map<string, Promise<Step>>()
  steps.set(ground.workspace, kept)
  const key = `${part} ${side.environment?.id} ${commit.oid} ${parent}`
  const known = kept.get(key)
  if (known)
    try {
      return await known
    } catch (error) {
      if (!isCancelled(error) || signal.aborted) throw error
      return stepAt(part, ground, side, commit, parent, signal)
    }
  const working = compareCommit(part, ground, side, commit.oid, parent, signal)
  kept.set(key, working)
  working.catch(() => {
    if (kept.get(key) === working) kept.delete(key)
  })
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
  return working
}

async function compareCommit(
  part: Part,
  ground: Ground,
  { environment }: Side,
  commit: ObjectId,
  parent: ObjectId | null,
  signal: AbortSignal,
): Promise<Step> {
  // Others want to be answered between two commits.
  await new Promise(resolve => setTimeout(resolve))
  if (signal.aborted) throw new AppError('cancelled', 'error.cancelled')
  const reader = readerOf(ground.workspace)
  const at = async (oid: ObjectId | null): Promise<Side> => {
    const files = await reader.filesAt(oid)
    return {
      commit: oid,
      files,
      environment: environment && findEnvironment(reader, files, environment.id),
      texts: noTexts,
    }
  }
  // The newer one first: the walk goes on with the other.
  const after = await at(commit)
  return stepOf(part, ground, await at(parent), after, signal)
}

async function stepOf(part: Part, ground: Ground, before: Side, after: Side, signal: AbortSignal): Promise<Step> {
  const subjects = await subjectsOf(part, ground, before, after, false, signal)
  return {
    fields: new Map(subjects.flatMap(({ fields }) => fields.map(({ key, after: value }) => [key, value]))),
    subjects: new Map(
      subjects.map(({ key, change, fields }) => [subjectOf(key), { change, fields: fields.map(({ field }) => field) }]),
    ),
  }
}

/** Files and folders whose commits may have made a difference of a part. */
export async function pathsOf(
  part: Part,
  ground: Ground,
  a: Side,
  b: Side,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const paths = new Set<string>()
  if (part === 'rules') {
    for (const side of [a, b])
      for (const path of side.files.keys()) if (isRuleFile(path) || isTreeFile(path)) paths.add(path)
    return [...paths, rulesFolder, treesFolder, workspacePath]
  }
  for (const side of [a, b]) {
    for (const path of side.environment?.files ?? []) paths.add(path)
    const folder = side.environment?.path
    if (folder !== undefined && folder !== '.' && folder !== '') paths.add(folder)
    if (part === 'topology')
      for (const { evidence } of topologyOfSide(ground, side).edges)
        for (const { file } of evidence) if (file !== undefined) paths.add(file)
    if (part === 'dependencies') {
      const reader = setReaderOf(ground.workspace, ground.moduleGraph)
      const { sets } = await reader.at(side.commit, side.environment?.id, signal, side.texts)
      for (const { set } of sets) for (const file of set.files) paths.add(file.replace(/ \(go mod graph\)$/, ''))
    }
  }
  if (part === 'topology') paths.add(workspacePath)
  return [...paths]
}
