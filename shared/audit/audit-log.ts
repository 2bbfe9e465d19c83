import * as z from 'zod/mini'
import type { Message } from '../messages/index.ts'

/**
 * An audit log is a text of JSON lines: a head, one line a commit from the oldest, an end. Each line closes with the
 * SHA-256 of the hash before it and of all its other bytes, so that no line can be changed, left out or put elsewhere
 * without every later one telling; the end carries a signature of the last hash. A commit's line holds the object
 * itself, whose SHA-1 is the commit's id: what an auditor is shown is what Git has.
 */
export type AuditCommit = {
  readonly commit: string
  readonly decisionId: string | null
  readonly title: string
  readonly kind: string
  readonly author: string
  /** ISO 8601, with the author's offset. */
  readonly date: string
  readonly services: readonly string[]
  readonly gate: string | null
  /** Base64 of the commit object's body, signature included. */
  readonly object: string
  /** The record's Markdown as committed; null where there is none. */
  readonly record: { readonly path: string; readonly text: string } | null
}

/** What the log needs of the world: hashes as lower-case hexadecimal digits. */
export type AuditHashes = {
  readonly sha256: (text: string) => string
  /** Id of a Git object: SHA-1 of its header and body. */
  readonly commitId: (body: Uint8Array) => string
}

const format = 'pilothouse-audit'
const closing = /,"hash":"([0-9a-f]{64})"\}$/

const close = (before: string, body: string, { sha256 }: AuditHashes): { line: string; hash: string } => {
  const open = body.slice(0, -1)
  const hash = sha256(`${before}\n${open}`)
  return { line: `${open},"hash":"${hash}"}\n`, hash }
}

/**
 * The lines of an audit log, as they are to be written. `sign` gets the last hash and gives an armoured signature, or
 * null where nothing is signed here.
 */
export async function* formatAudit(
  head: { readonly workspace: string; readonly from: string | null; readonly to: string },
  commits: AsyncIterable<AuditCommit>,
  hashes: AuditHashes,
  sign: (hash: string) => Promise<string | null>,
): AsyncGenerator<string> {
  let { line, hash } = close('', JSON.stringify({ format, version: 1, ...head }), hashes)
  yield line
  let count = 0
  let decisions = 0
  for await (const commit of commits) {
    count++
    if (commit.kind !== 'commit') decisions++
    ;({ line, hash } = close(hash, JSON.stringify(commit), hashes))
    yield line
  }
  const signature = await sign(hash)
  yield close(hash, JSON.stringify({ end: true, commits: count, decisions, last: hash, signature }), hashes).line
}

export type AuditResult =
  | {
      readonly kind: 'intact'
      readonly workspace: string
      readonly to: string
      readonly commits: number
      readonly decisions: number
      /** What the signature is of, and it; null where the log is not signed. */
      readonly signed: { readonly hash: string; readonly signature: string } | null
      readonly ids: readonly string[]
    }
  /** The first line that is not what was written; `commit` is the one it is about, as far as it can be read. */
  | { readonly kind: 'altered'; readonly line: number; readonly commit: string | null; readonly reason: Message }

const Head = z.object({ format: z.literal(format), version: z.literal(1), workspace: z.string(), to: z.string() })
const Entry = z.object({ commit: z.string(), object: z.string(), title: z.string(), kind: z.string() })
const End = z.object({
  end: z.literal(true),
  commits: z.number(),
  decisions: z.number(),
  last: z.string(),
  signature: z.nullable(z.string()),
})

/** Checks every line of an audit log in order and names the first that was altered. Never throws on what it reads. */
export function checkAudit(
  text: string,
  hashes: AuditHashes,
  decodeBase64: (text: string) => Uint8Array | null,
): AuditResult {
  const lines = text.split('\n')
  const ids: string[] = []
  let decisions = 0
  let before = ''
  let head: z.infer<typeof Head> | null = null
  const altered = (index: number, key: 'audit.broken' | 'audit.hash' | 'audit.object' | 'audit.end'): AuditResult => ({
    kind: 'altered',
    line: index + 1,
    commit: commitIn(lines[index] ?? ''),
    reason: { key },
  })
  for (const [index, line] of lines.entries()) {
    const said = closing.exec(line)?.[1]
    if (said === undefined) return altered(index, 'audit.broken')
    const open = line.slice(0, -`,"hash":"${said}"}`.length)
    if (hashes.sha256(`${before}\n${open}`) !== said) return altered(index, 'audit.hash')
    const value = parse(`${open}}`)
    const last = before
    before = said
    if (!head) {
      const read = Head.safeParse(value)
      if (!read.success) return altered(index, 'audit.broken')
      head = read.data
      continue
    }
    const entry = Entry.safeParse(value)
    if (entry.success) {
      const body = decodeBase64(entry.data.object)
      if (!body || hashes.commitId(body) !== entry.data.commit) return altered(index, 'audit.object')
      ids.push(entry.data.commit)
      if (entry.data.kind !== 'commit') decisions++
      continue
    }
    const end = End.safeParse(value)
    if (!end.success) return altered(index, 'audit.broken')
    const { commits, signature } = end.data
    const whole = commits === ids.length && end.data.decisions === decisions && end.data.last === last
    if (!whole || lines.length !== index + 2 || lines[index + 1] !== '') return altered(index, 'audit.end')
    const { workspace, to } = head
    const signed = signature === null ? null : { hash: last, signature }
    return { kind: 'intact', workspace, to, commits, decisions, signed, ids }
  }
  return altered(lines.length - 1, 'audit.end')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const commitIn = (line: string): string | null => /^\{"commit":"([0-9a-f]{40})"/.exec(line)?.[1] ?? null
