import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { isAbsent, readText } from '../files/read-text.ts'
import { syncDirectory } from '../files/sync-directory.ts'
import { isOwner, type Owner } from '../locks/owner.ts'

/** What moves: the current branch to another commit, or HEAD to another branch. */
export type Step =
  | { readonly kind: 'move'; readonly ref: string }
  | { readonly kind: 'switch'; readonly ref: string /** What HEAD held before. */; readonly head: string }

/**
 * Written to the disk before the first visible change and removed after the last: with it, another process finishes or
 * undoes what a killed one began. Which of the two follows from where the ref is.
 */
export type Journal = {
  readonly version: 1
  readonly owner: Owner
  readonly step: Step
  readonly from: ObjectId | null
  readonly to: ObjectId
  /** For the reflog. */
  readonly message: string
  /** Lock files held, for whoever looks into the folder. */
  readonly locks: readonly string[]
}

/** `pilothouse/` in the git directory of this work tree. */
export const journalFolder = (gitDirectory: string): string => join(gitDirectory, 'pilothouse')

const journalPath = (gitDirectory: string, token: string): string =>
  join(journalFolder(gitDirectory), `journal-${token}.json`)

/** Where the new content of the n-th change waits until the ref has moved. */
export const waitingFile = (gitDirectory: string, token: string, number: number): string =>
  join(journalFolder(gitDirectory), `file-${token}-${number}`)

export async function writeJournal(gitDirectory: string, journal: Journal): Promise<void> {
  const path = journalPath(gitDirectory, journal.owner.token)
  mkdirSync(journalFolder(gitDirectory), { recursive: true })
  const temporary = `${path}.new`
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(`${JSON.stringify(journal)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  renameSync(temporary, path)
  await syncDirectory(journalFolder(gitDirectory))
}

export function removeJournal(gitDirectory: string, token: string): void {
  rmSync(journalPath(gitDirectory, token), { force: true })
}

/** Removes the files that carry a token: content that waited, an index on its way, the journal. */
export function removeLeftovers(gitDirectory: string, token: string): void {
  for (const name of names(gitDirectory))
    if (name.includes(token) && !name.startsWith('owner-'))
      rmSync(join(journalFolder(gitDirectory), name), { force: true })
}

/** All journals of this work tree. One that cannot be read was never finished, so nothing happened after it. */
export function readJournals(gitDirectory: string): readonly Journal[] {
  return names(gitDirectory)
    .filter(name => /^journal-[0-9a-f]{16}\.json$/.test(name))
    .map(name => parseJournal(readText(join(journalFolder(gitDirectory), name)) ?? ''))
    .filter(journal => journal !== null)
}

function parseJournal(text: string): Journal | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Renamed into place whole, so this is no journal of ours.
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { version, owner, step, from, to, message } = value as Record<string, unknown>
  const isOid = (oid: unknown): oid is string => typeof oid === 'string' && /^[0-9a-f]{40}$/.test(oid)
  if (version !== 1 || !isOwner(owner) || !isOid(to) || !(from === null || isOid(from)) || typeof message !== 'string')
    return null
  if (typeof step !== 'object' || step === null) return null
  const { kind, ref, head } = step as Record<string, unknown>
  if (typeof ref !== 'string' || !ref.startsWith('refs/heads/')) return null
  if (kind === 'move') return { version, owner, step: { kind, ref }, from, to, message, locks: [] }
  if (kind === 'switch' && typeof head === 'string')
    return { version, owner, step: { kind, ref, head }, from, to, message, locks: [] }
  return null
}

function names(gitDirectory: string): readonly string[] {
  try {
    return readdirSync(journalFolder(gitDirectory))
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
