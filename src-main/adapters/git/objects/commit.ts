import type { Person } from '../../../../shared/decisions/decision.ts'
import type { GitCommit, ObjectId } from '../../../needs/git-repository.ts'

/** What a walk over history needs of a commit. */
export type CommitLinks = { readonly tree: ObjectId; readonly parents: readonly ObjectId[]; readonly time: number }

/** Reads tree, parents and committer time only; a walk over 20,000 commits does nothing else. */
export function parseLinks(data: Buffer): CommitLinks {
  const tree = data.toString('latin1', 5, 45)
  const parents: ObjectId[] = []
  let at = 46
  while (data[at] === 112 /* p */ && data.toString('latin1', at, at + 7) === 'parent ') {
    parents.push(data.toString('latin1', at + 7, at + 47))
    at += 48
  }
  const committer = data.indexOf('\ncommitter ', at - 1, 'latin1')
  const end = data.indexOf(10, committer + 1)
  const line = data.toString('latin1', committer + 1, end === -1 ? data.length : end)
  const time = / (\d+) [-+]\d+$/.exec(line.slice(line.lastIndexOf('>')))
  return { tree, parents, time: time ? Number(time[1]) : 0 }
}

/** Reads a whole commit. Damaged lines give empty values: a strange commit must not hide the history below it. */
export function parseCommit(oid: ObjectId, data: Buffer): GitCommit {
  const split = data.indexOf('\n\n', 0, 'latin1')
  const end = split === -1 ? data.length : split
  const at = data.indexOf('\nencoding ', 0, 'latin1')
  const line = at === -1 || at > end ? '' : data.toString('latin1', at + 10, end)
  const decode = decoder(line === '' ? undefined : line.split('\n', 1)[0])
  let tree = ''
  let author = ''
  let committer = ''
  const parents: ObjectId[] = []
  for (const header of decode(data.subarray(0, end)).split('\n')) {
    if (header.startsWith('parent ')) parents.push(header.slice(7))
    else if (tree === '' && header.startsWith('tree ')) tree = header.slice(5)
    else if (author === '' && header.startsWith('author ')) author = header.slice(7)
    else if (committer === '' && header.startsWith('committer ')) committer = header.slice(10)
  }
  return {
    oid,
    tree,
    parents,
    author: parsePerson(author),
    committer: parsePerson(committer),
    message: split === -1 ? '' : decode(data.subarray(split + 2)),
  }
}

function decoder(encoding: string | undefined): (bytes: Buffer) => string {
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) return bytes => bytes.toString('utf8')
  try {
    const text = new TextDecoder(encoding)
    return bytes => text.decode(bytes)
  } catch {
    // An encoding nobody knows: git shows such a message as it is, too.
    return bytes => bytes.toString('latin1')
  }
}

function parsePerson(line: string): Person {
  const match = /^(.*?) ?<([^>]*)>(?: (\d+)(?: ([-+])(\d\d)(\d\d))?)?/.exec(line)
  if (!match) return { name: line, email: '', time: 0, offset: 0 }
  const minutes = Number(match[5] ?? 0) * 60 + Number(match[6] ?? 0)
  return {
    name: match[1]!,
    email: match[2]!,
    time: Number(match[3] ?? 0),
    offset: match[4] === '-' && minutes > 0 ? -minutes : minutes,
  }
}

/** `Name <email> seconds +hhmm`. */
export function encodePerson({ name, email, time, offset }: Person): string {
  const minutes = Math.abs(offset)
  const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`
  return `${name} <${email}> ${Math.floor(time)} ${zone}`
}

/** The bytes that are signed, and with `signature` the bytes that are stored. */
export function encodeCommit(
  commit: {
    readonly tree: ObjectId
    readonly parents: readonly ObjectId[]
    readonly author: Person
    readonly committer: Person
    readonly message: string
  },
  signature?: string,
): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map(parent => `parent ${parent}`),
    `author ${encodePerson(commit.author)}`,
    `committer ${encodePerson(commit.committer)}`,
  ]
  // Header lines that go on begin with a space.
  if (signature !== undefined) lines.push(`gpgsig ${signature.trimEnd().replaceAll('\n', '\n ')}`)
  const message = commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`
  return Buffer.from(`${lines.join('\n')}\n\n${message}`, 'utf8')
}

/** The object an annotated tag names. */
export const tagTarget = (data: Buffer): ObjectId => data.toString('latin1', 7, 47)
