import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { indexPack, PackError } from './index-pack.ts'

let folder: string
let repository: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilothouse-pack-'))
  repository = join(folder, 'repository')
  git('init', '-q', repository)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@b',
    },
  }).trim()
}
const inside = (...args: string[]) => git('-C', repository, ...args)

/** As a network gives it: pieces of any length. */
async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}
async function index(bytes: Buffer, length = 1000, signal?: AbortSignal) {
  await using file = await open(join(folder, 'out.pack'), 'w+')
  const result = await indexPack(pieces(bytes, length), file, signal ? { signal } : {})
  return { ...result, written: readFileSync(join(folder, 'out.pack')) }
}
/** What `git index-pack` makes of it. */
async function byGit(bytes: Buffer): Promise<Buffer> {
  await writeFile(join(folder, 'git.pack'), bytes)
  git('index-pack', '--no-rev-index', '-o', join(folder, 'git.idx'), join(folder, 'git.pack'))
  return readFileSync(join(folder, 'git.idx'))
}
const pack = (...options: string[]): Buffer => {
  inside('pack-objects', '-q', '--all', ...options, join(folder, 'packed'))
  const name = readdirSync(folder).find(file => /^packed-.*\.pack$/.test(file))!
  return readFileSync(join(folder, name))
}
/** A pack by hand. */
function packOf(...entries: Buffer[]): Buffer {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1')
  head.writeUInt32BE(entries.length, 8)
  const body = Buffer.concat([head, ...entries])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}
const blob = (data: Buffer): Buffer => Buffer.concat([size(3, data.length), deflateSync(data)])
function size(type: number, length: number): Buffer {
  const bytes = [(type << 4) | (length & 15)]
  for (let rest = Math.floor(length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80
    bytes.push(rest % 128)
  }
  return Buffer.from(bytes)
}

const noise = (length: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

describe('indexPack', () => {
  beforeEach(async () => {
    for (let k = 0; k < 25; k++) {
      await writeFile(join(repository, 'a.txt'), `line ${k}\n`.repeat(400 + k * 3))
      await writeFile(join(repository, `b${k}.txt`), noise(k * 50, k))
      inside('add', '.')
      inside('commit', '-q', '-m', `${k}`)
    }
    inside('tag', '-a', '-m', 'tag', 'v1')
  })

  test.each([
    ['offset deltas', ['--delta-base-offset']],
    ['reference deltas', ['--no-delta-base-offset']],
    ['whole objects', ['--window=0']],
    ['deep chains', ['--delta-base-offset', '--depth=250', '--window=100']],
  ])('%s: the index is git’s, byte for byte, however the pack arrives', async (_name, options) => {
    const bytes = pack(...options)
    const expected = await byGit(bytes)
    for (const length of [1, 7, 1000, 65_536, 1 << 20]) {
      const made = await index(bytes, length)
      expect(made.index.equals(expected), `pieces of ${length}`).toBe(true)
      expect(made.written.equals(bytes)).toBe(true)
      expect(made.checksum).toBe(bytes.subarray(-20).toString('hex'))
    }
  })

  test('objects larger than what is inflated in one piece, as bases and as deltas', async () => {
    const large = noise(11 << 20, 7)
    await writeFile(join(repository, 'large.bin'), large)
    await writeFile(join(repository, 'zeros.bin'), Buffer.alloc(40 << 20))
    inside('add', '.')
    inside('commit', '-q', '-m', 'large')
    await writeFile(join(repository, 'large.bin'), Buffer.concat([Buffer.from('changed'), large]))
    inside('commit', '-q', '-am', 'larger')
    const bytes = pack('--delta-base-offset', '--window-memory=0')
    const expected = await byGit(bytes)
    expect((await index(bytes, 65_536)).index.equals(expected)).toBe(true)
  })

  test('a bit anywhere that is wrong, and an end anywhere that is too soon, is found', {
    timeout: 120_000,
  }, async () => {
    // 121 packs beside tests that keep the disk busy: 0.7 s alone, and once more than 30 s there.
    const bytes = pack('--delta-base-offset')
    for (let k = 0; k < 60; k++) {
      const at = Math.floor((bytes.length * k) / 60)
      const broken = Buffer.from(bytes)
      broken[at]! ^= 1 << (k % 8)
      await expect(index(broken), `bit of byte ${at}`).rejects.toThrow(PackError)
      await expect(index(bytes.subarray(0, at)), `cut at ${at}`).rejects.toThrow(PackError)
    }
    await expect(index(Buffer.concat([bytes, Buffer.from('more')]))).rejects.toThrow('behind its end')
  })

  test('a thin pack names the base it lacks', async () => {
    const thin = execFileSync('git', ['-C', repository, 'pack-objects', '-q', '--thin', '--stdout', '--revs'], {
      input: 'HEAD\n^HEAD~1\n',
    })
    const error = await index(thin).then(
      () => null,
      (failure: PackError) => failure,
    )
    expect(error).toBeInstanceOf(PackError)
    expect(inside('cat-file', '-t', error!.missingBase!)).toMatch(/blob|tree/)
  })

  test('lies about lengths and counts cost no memory', async () => {
    const one = blob(Buffer.from('hello'))
    await expect(index(packOf(Buffer.concat([size(3, 2 ** 40), one.subarray(1)])))).rejects.toThrow(PackError)
    await expect(index(packOf(Buffer.concat([size(3, 4), one.subarray(1)])))).rejects.toThrow(PackError)
    const many = packOf(one)
    many.writeUInt32BE(0xffffffff, 8)
    await expect(index(many)).rejects.toThrow(PackError)
    // The same object twice is allowed.
    expect((await index(packOf(one, one))).objects).toBe(2)
    expect((await index(packOf())).objects).toBe(0)
  })

  test('is cancelled in the middle', async () => {
    const bytes = pack('--delta-base-offset')
    const cancel = new AbortController()
    async function* slowly() {
      yield bytes.subarray(0, 500)
      cancel.abort()
      yield bytes.subarray(500)
    }
    await using file = await open(join(folder, 'out.pack'), 'w+')
    await expect(indexPack(slowly(), file, { signal: cancel.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})
