import { AppError } from '../../../../shared/errors.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { reflogIdentity } from '../commit/identity.ts'
import { type CommitNeeds, writeCommit } from '../commit/write-commit.ts'
import { isAncestor } from '../history/is-ancestor.ts'
import { entryAt, listFiles } from '../history/trees.ts'
import { fromText, toText, treeMode } from '../objects/tree.ts'
import type { RefStore } from '../refs/ref-store.ts'

/** The parts of a clone that notes are read from and written to. */
export type NotesNeeds = CommitNeeds & { readonly refs: RefStore }

const isNotesRef = (ref: string): boolean => /^refs\/notes\/[\w./-]+$/.test(ref)

/** Two writers of one note take turns; after this many lost turns something else is wrong. */
const mostRaces = 50

/** Notes as git-notes keeps them: a file a commit, named by its id, with or without folders of two digits. */
export async function readNotes(
  { graph, objects }: Pick<NotesNeeds, 'graph' | 'objects'>,
  tip: ObjectId | null,
): Promise<ReadonlyMap<ObjectId, string>> {
  const notes = new Map<ObjectId, string>()
  if (tip === null) return notes
  graph.refresh()
  for (const { path, oid } of await listFiles(objects, graph.links(tip).tree, fromText(''))) {
    const about = toText(path).replaceAll('/', '')
    if (/^[0-9a-f]{40}$/.test(about)) notes.set(about, objects.read(oid).data.toString('utf8'))
  }
  return notes
}

/** Adds a line to a commit's note unless it stands there. Lines of another process at the same time are kept. */
export async function addNote(clone: NotesNeeds, ref: string, about: ObjectId, line: string): Promise<void> {
  if (!isNotesRef(ref)) throw new AppError('invalid-input', 'git.badRefName', { name: ref })
  await untilMoved(clone, ref, async tip => {
    const path = placeOf(clone, tip, about)
    const before = tip === null ? '' : textAt(clone, tip, path)
    if (before.split('\n').includes(line)) return null
    const next = `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`
    return await write(clone, tip, new Map([[path, next]]))
  })
}

/** Takes in what another notes ref holds: the lines of both, in the order of theirs and then ours. */
export async function mergeNotes(clone: NotesNeeds, ref: string, from: string): Promise<void> {
  if (!isNotesRef(ref)) throw new AppError('invalid-input', 'git.badRefName', { name: ref })
  await untilMoved(clone, ref, async tip => {
    const theirs = clone.refs.resolve(from)
    if (theirs === null || theirs === tip) return null
    const never = new AbortController().signal
    if (tip === null || (await isAncestor(clone, tip, theirs, never))) return theirs
    if (await isAncestor(clone, theirs, tip, never)) return null
    const ours = await readNotes(clone, tip)
    const files = new Map<string, string>()
    for (const [about, text] of ours) {
      const path = placeOf(clone, theirs, about)
      const before = textAt(clone, theirs, path)
      const lines = new Set([...before.split('\n'), ...text.split('\n')].filter(line => line !== ''))
      const next = [...lines].map(line => `${line}\n`).join('')
      if (next !== before) files.set(path, next)
    }
    // What is on the remote is the base, so that what comes of it can be pushed there.
    return files.size === 0 ? theirs : await write(clone, theirs, files)
  })
}

async function untilMoved(
  clone: NotesNeeds,
  ref: string,
  make: (tip: ObjectId | null) => Promise<ObjectId | null>,
): Promise<void> {
  for (let race = 0; race < mostRaces; race++) {
    const tip = clone.refs.resolve(ref)
    const to = await make(tip)
    if (to === null) return
    const moved = await clone.refs.update({ ref, from: tip, to, message: 'notes: Notes added by Pilothouse' })
    if (moved.kind === 'updated') return
  }
  throw new AppError('conflict', 'draft.tooManyRaces', { count: mostRaces })
}

/** Where a commit's note stands, or would: where the tree has folders of two digits, in one. */
function placeOf({ graph, objects }: NotesNeeds, tip: ObjectId | null, about: ObjectId): string {
  if (tip === null) return about
  graph.refresh()
  const { tree } = graph.links(tip)
  const parts: string[] = []
  for (let at = 0; at < about.length; at += 2) {
    const flat = [...parts, about.slice(at)].join('/')
    const entry = entryAt(objects, tree, fromText(flat))
    if (entry) return flat
    const folder = [...parts, about.slice(at, at + 2)].join('/')
    if (entryAt(objects, tree, fromText(folder))?.mode !== treeMode) return flat
    parts.push(about.slice(at, at + 2))
  }
  return about
}

function textAt({ graph, objects }: NotesNeeds, tip: ObjectId, path: string): string {
  const entry = entryAt(objects, graph.links(tip).tree, fromText(path))
  return entry && entry.mode !== treeMode ? objects.read(entry.oid).data.toString('utf8') : ''
}

async function write(clone: NotesNeeds, base: ObjectId | null, files: ReadonlyMap<string, string>): Promise<ObjectId> {
  const encoder = new TextEncoder()
  const { configuration, environment } = clone
  return await writeCommit(
    clone,
    {
      base,
      files: new Map([...files].map(([path, text]) => [path, encoder.encode(text)])),
      message: 'Notes added by Pilothouse\n',
    },
    undefined,
    // Written while nobody looks: nobody is asked for a passphrase, and who has no name yet is no obstacle.
    { unsignedBy: reflogIdentity(configuration, environment) },
  )
}
