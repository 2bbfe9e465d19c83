import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assemble } from './assembly.ts'
import { cutChunks, readBlocks } from './chunks.ts'
import type { ContentFile, Release } from './release.ts'

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const chunksOf = async (file: ContentFile) => cutChunks(await file.bytes(), hash)
type Files = ReadonlyMap<string, Buffer>

function releaseOf(files: Files): Release<ContentFile> {
  const all = [...files].map(([path, bytes]) => ({
    path,
    mode: '644',
    sha256: hash(bytes),
    size: bytes.length,
    bytes: async () => bytes,
  }))
  return { service: 's', version: '1', digest: 'd', unit: '', unpack: false, files: all }
}

/** What the steps make, as a node does them: of what was sent, and of the files of the release before. */
function follow(steps: string, sent: Buffer, before: Files): Map<string, Buffer> {
  const made = new Map<string, Buffer>()
  let here = ''
  const lines = steps.trimEnd().split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [step, first = '', second = '', ...rest] = line.split(' ')
    const append = (bytes: Buffer) => made.set(here, Buffer.concat([made.get(here)!, bytes]))
    if (step === 'f') {
      here = second
      made.set(here, Buffer.alloc(0))
    } else if (step === 'l') append(sent.subarray(Number(first), Number(first) + Number(second)))
    else if (step === 'c') append(before.get(rest.join(' '))!.subarray(Number(first), Number(first) + Number(second)))
    else if (step === 't') append(Buffer.from(`${lines.splice(0, Number(first)).join('\n')}\n`))
    else if (step === 'm') made.set(rest.join(' '), sent.subarray(0, Number(first)))
    else throw new Error(line)
  }
  return made
}

/** Bytes without pattern, told by a number. */
function noise(seed: number, size: number): Buffer {
  const blocks: Buffer[] = []
  for (let at = 0; at < size; at += 64) blocks.push(createHash('sha512').update(`${seed} ${at}`).digest())
  return Buffer.concat(blocks).subarray(0, size)
}
const content = fc
  .array(fc.tuple(fc.nat(5), fc.nat(30_000)), { maxLength: 4 })
  .map(parts => Buffer.concat(parts.map(([seed, size]) => noise(seed, size))))
const text = fc
  .array(fc.constantFrom('', ' ', 'l 0 5', 'f 644 a', 't 9', '\\n\t$1', "'it'", 'm 3 644 a'), { maxLength: 9 })
  .map(lines => Buffer.from(`${lines.join('\n')}\n`))
const files = fc
  .dictionary(fc.constantFrom('a', 'b/c', 'd', 'etc/e'), fc.oneof(content, text))
  .map(made => new Map(Object.entries(made)))

test('a node that follows the steps has the release, whatever it had before', () =>
  fc.assert(
    fc.asyncProperty(files, files, async (before, after) => {
      const first = await assemble(releaseOf(before), [], chunksOf)
      const there = follow(first.steps, Buffer.concat(first.literals), new Map())
      const next = await assemble(releaseOf(after), readBlocks(there.get('.pilothouse/blocks')!.toString()), chunksOf)
      const made = follow(next.steps, Buffer.concat(next.literals), before)
      for (const [path, bytes] of after) expect([path, made.get(path)?.equals(bytes)]).toEqual([path, true])
      expect(made.size).toBe(after.size + 3)
    }),
    { numRuns: 25 },
  ))

test('the largest file that is sent whole lies where it arrives: first, and in no second step', async () => {
  const { steps, literals } = await assemble(
    releaseOf(
      new Map([
        ['small', noise(1, 9)],
        ['large', noise(2, 50_000)],
        ['middle', noise(3, 400)],
      ]),
    ),
    [],
    chunksOf,
  )
  expect(Buffer.compare(literals[0]!, noise(2, 50_000))).toBe(0)
  expect(steps).toMatch(/\nm 50000 644 large\n$/)
  expect(steps).not.toMatch(/f 644 large/)
})
