import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PathConversions } from '../attributes/path-conversion.ts'
import { isAbsent } from '../files/read-text.ts'
import type { RawFile } from '../history/trees.ts'
import { type Lock, lockHolder, StaleLock } from '../locks/locks.ts'
import { isAlive, type Owner } from '../locks/owner.ts'
import type { RawPath } from '../objects/tree.ts'
import type { Clone } from '../open/clone.ts'
import { appendReflog, lastInReflog } from '../refs/reflog.ts'
import { sameContent } from '../work-tree/file-state.ts'
import { abandonedTokens, isAbandoned } from './abandoned.ts'
import { BringAlong } from './bring-along.ts'
import { hasMoved } from './has-moved.ts'
import { type Journal, readJournals, removeJournal, removeLeftovers } from './journal.ts'

/**
 * Finishes what killed processes began in this clone: where the ref has moved, files and index follow; where it has
 * not, what was made ready is swept away. Locks they held are released last, so git cannot work on a half-moved tree in
 * between. Locks of git and of living processes are left alone. Safe to call at any time, by several at once.
 * `alsoDead`: an owner met in a lock, who may have left no other trace.
 */
export async function recover(clone: Clone, alsoDead?: Owner): Promise<void> {
  const { locks, layout } = clone
  const needed = (): boolean =>
    alsoDead !== undefined ||
    locks.deadOwners().length > 0 ||
    readJournals(layout.gitDirectory).some(({ owner }) => isAbandoned(owner))
  const holder = lockHolder(clone.index.lockPath)
  if (holder && !isAlive(holder)) alsoDead ??= holder
  if (!needed()) return
  using only = await takeRecoveryLock(clone)
  for (const journal of readJournals(layout.gitDirectory)) {
    if (isAbandoned(journal.owner)) await finish(clone, journal)
  }
  for (const owner of [...locks.deadOwners(), ...(alsoDead ? [alsoDead] : [])]) {
    only.verify()
    sweep(clone, owner)
  }
}

/** One recovery at a time: two would take each other's fresh locks for the stale ones they saw. */
async function takeRecoveryLock({ locks }: Clone): Promise<Lock> {
  const path = join(locks.folder, 'recover.lock')
  try {
    return await locks.take(path)
  } catch (error) {
    if (!(error instanceof StaleLock)) throw error
    return locks.takeOver(path)
  }
}

async function finish(clone: Clone, journal: Journal): Promise<void> {
  const { locks, layout, index, refs } = clone
  const { token } = journal.owner
  // The lock of the killed process becomes ours in one step; a step that failed in this process has given its up.
  using lock =
    lockHolder(index.lockPath)?.token === token && token !== locks.owner.token
      ? locks.takeOver(index.lockPath)
      : await locks.take(index.lockPath)
  if (hasMoved(refs, journal)) await rollForward(clone, journal, lock)
  if (token !== locks.owner.token) {
    removeRefLock(refs.lockPath(journal.step.ref), journal.owner)
    removeRefLock(refs.lockPath('HEAD'), journal.owner)
  }
  removeJournal(layout.gitDirectory, token)
  removeLeftovers(layout.gitDirectory, token)
  abandonedTokens.delete(token)
}

async function rollForward(clone: Clone, { step, from, to, message, owner }: Journal, lock: Lock): Promise<void> {
  completeReflogs(clone, step, from, to, message)
  const along = await BringAlong.between(clone, from, to, owner.token)
  along.plan(editedSince(clone, along))
  await along.prepare()
  await along.apply()
  await along.writeIndex(lock)
}

/** Paths that hold neither the old content nor the new: somebody worked on after the kill, and keeps what is there. */
function editedSince(
  { objects }: Clone,
  { workTree, rules, index, changes, present, coming }: BringAlong,
): Set<RawPath> {
  const edited = new Set<RawPath>()
  const is = (path: RawPath, file: RawFile, conversions: PathConversions): boolean => {
    const entry = workTree.entry(path)
    if (file.mode === '160000') return entry.kind === 'folder' || entry.kind === 'absent'
    const link = file.mode === '120000' && rules.symlinks
    if (entry.kind !== (link ? 'link' : 'file')) return false
    return sameContent(workTree, path, file.oid, link, entry.stat.size, conversions, objects)
  }
  // What goes comes first: what is to come may lie where it was.
  const going = changes.filter(({ after }) => !after)
  const removed = new Set(going.map(({ path }) => path))
  const goes = (path: RawPath): boolean => removed.has(path) && !edited.has(path)
  for (const { path, before, after } of [...going, ...changes.filter(({ after }) => after)]) {
    const entry = workTree.entry(path)
    const skipped = entry.kind === 'absent' && index.entriesOf(path)[0]?.skipWorktree === true
    const vacant =
      entry.kind === 'absent' ||
      (entry.kind === 'behind' && !entry.link && (!after || goes(entry.parent))) ||
      (entry.kind === 'folder' && workTree.filesBelow(path).every(goes))
    const known =
      skipped ||
      (vacant && (!before || !after)) ||
      (before !== null && is(path, before, present)) ||
      (after !== null && is(path, after, coming))
    if (!known) edited.add(path)
  }
  return edited
}

/** The log is written after the ref, so a kill may have come between. */
function completeReflogs(
  { refs, layout }: Clone,
  step: Journal['step'],
  from: string | null,
  to: string,
  message: string,
): void {
  const logs: [directory: string, ref: string][] =
    step.kind === 'switch'
      ? [[layout.gitDirectory, 'HEAD']]
      : [
          [layout.commonDirectory, step.ref],
          [layout.gitDirectory, 'HEAD'],
        ]
  for (const [directory, ref] of logs)
    if (lastInReflog(directory, ref) !== to) appendReflog(directory, ref, from, to, message, refs.reflogSettings())
}

/** Releases what a dead process held without a journal, and forgets it. */
function sweep(clone: Clone, owner: Owner): void {
  const { locks, layout } = clone
  const worktrees = join(layout.commonDirectory, 'worktrees')
  const gitDirectories = [layout.commonDirectory, ...folderNames(worktrees).map(name => join(worktrees, name))]
  let needed = false
  for (const gitDirectory of gitDirectories) {
    removeRefLock(join(gitDirectory, 'HEAD.lock'), owner)
    // A journal of another work tree is finished from there; until then its lock keeps git away.
    if (readJournals(gitDirectory).some(journal => journal.owner.token === owner.token)) needed = true
    else {
      removeRefLock(join(gitDirectory, 'index.lock'), owner)
      removeLeftovers(gitDirectory, owner.token)
    }
  }
  for (const lock of locksBelow(join(layout.commonDirectory, 'refs'))) removeRefLock(lock, owner)
  if (!needed) locks.forget(owner)
}

function removeRefLock(path: string, owner: Owner): void {
  if (lockHolder(path)?.token === owner.token) rmSync(path, { force: true })
}

function locksBelow(folder: string): string[] {
  const found: string[] = []
  for (const name of folderNames(folder)) {
    const path = join(folder, name)
    if (name.endsWith('.lock')) found.push(path)
    else if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) found.push(...locksBelow(path))
  }
  return found
}

function folderNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
