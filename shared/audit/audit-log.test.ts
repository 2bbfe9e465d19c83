import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type AuditCommit, type AuditHashes, checkAudit, formatAudit } from './audit-log.ts'

const hashes: AuditHashes = {
  sha256: text => createHash('sha256').update(text).digest('hex'),
  commitId: body => createHash('sha1').update(`commit ${body.length}\0`).update(body).digest('hex'),
}
const decode = (text: string) => Buffer.from(text, 'base64')
const commitOf = (title: string): AuditCommit => {
  const body = Buffer.from(`tree 0\nauthor Ada\n\n${title}\n`)
  return {
    commit: hashes.commitId(body),
    decisionId: null,
    title,
    kind: title.startsWith('d') ? 'scale' : 'commit',
    author: 'Ada <ada@example.org>',
    date: '2026-11-20T10:00:00+01:00',
    services: ['cart'],
    gate: null,
    object: body.toString('base64'),
    record: null,
  }
}
async function* all(commits: readonly AuditCommit[]) {
  yield* commits
}
const commits = ['one', 'decide', 'trois ü'].map(commitOf)

async function write(of: readonly AuditCommit[] = commits, signature: string | null = 'SIG'): Promise<string> {
  let text = ''
  for await (const line of formatAudit(
    { workspace: 'shop', from: null, to: 'main' },
    all(of),
    hashes,
    async () => signature,
  ))
    text += line
  return text
}

test('an audit log that nobody touched is intact', async () => {
  expect(checkAudit(await write(), hashes, decode)).toMatchObject({
    kind: 'intact',
    commits: 3,
    decisions: 1,
    signed: { signature: 'SIG' },
  })
  expect(checkAudit(await write([], null), hashes, decode)).toMatchObject({ kind: 'intact', commits: 0, signed: null })
})

test('one flipped bit anywhere is found, and the first altered commit named', async () => {
  const bytes = Buffer.from(await write())
  const starts = [0]
  for (const [at, byte] of bytes.entries()) if (byte === 10) starts.push(at + 1)
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes)
    altered[at]! ^= 1 << (at % 8)
    const result = checkAudit(altered.toString('utf8'), hashes, decode)
    const line = starts.findLastIndex(start => start <= at)
    // A line feed that became another character makes one line of two.
    expect(result, `byte ${at}`).toMatchObject({ kind: 'altered', line: line + 1 })
    if (result.kind === 'altered' && line >= 1 && line <= 3 && at > starts[line]! + 60)
      expect(result.commit).toBe(commits[line - 1]!.commit)
  }
})

test('lines left out, put elsewhere or added are found', async () => {
  const lines = (await write()).trimEnd().split('\n')
  const check = (changed: readonly (string | undefined)[]) => checkAudit(`${changed.join('\n')}\n`, hashes, decode).kind
  const [head, one, two, three, end] = lines
  expect(check(lines)).toBe('intact')
  expect(check([head, one, three, end])).toBe('altered')
  expect(check([head, two, one, three, end])).toBe('altered')
  expect(check([head, one, two, three])).toBe('altered')
  expect(check([...lines, end])).toBe('altered')
  // A whole other log with the old end.
  const other = (await write(commits.slice(0, 2))).trimEnd().split('\n')
  expect(check([...other.slice(0, -1), end])).toBe('altered')
})

test('a line whose hash was made anew, with another object than its commit has, is found', async () => {
  const forged = { ...commits[1]!, object: Buffer.from('tree 0\n\nsomething else\n').toString('base64') }
  const text = await write([commits[0]!, forged, commits[2]!])
  expect(checkAudit(text, hashes, decode)).toMatchObject({ kind: 'altered', line: 3, commit: forged.commit })
})
