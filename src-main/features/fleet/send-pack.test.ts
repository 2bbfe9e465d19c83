import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readEdgeFile } from '../../../shared/edge/read-edge.ts'
import { AppError } from '../../../shared/errors.ts'
import { memoryDocuments } from '../../adapters/app-data/memory-documents.ts'
import { systemArtifacts } from '../../adapters/artifacts/system-artifacts.ts'
import { createLocalNode } from '../../sandbox/edge/local-node.ts'
import { applyRelease } from './apply-release.ts'
import { type Line, Moved } from './ask-node.ts'
import { compressOnce, makePack, type Piece } from './make-pack.ts'
import { prepareRelease } from './prepare-release.ts'
import { sendPack } from './send-pack.ts'

const artifacts = systemArtifacts(memoryDocuments())
const signal = new AbortController().signal
const MiB = 1024 * 1024

/** Bytes without pattern, the same each time. */
function noise(size: number): Buffer {
  const blocks: Buffer[] = []
  let block = Buffer.from('seed')
  for (let at = 0; at < size; at += 64) {
    block = createHash('sha512').update(block).digest()
    blocks.push(block)
  }
  return Buffer.concat(blocks).subarray(0, size)
}
// In hexadecimal digits: it compresses to half.
const first = Buffer.from(noise(3 * MiB).toString('hex')).subarray(0, 5 * MiB + 77)
const steps = Buffer.from('f 644 a\nl 0 5\n')
const pack = makePack('none', [first.subarray(0, 3 * MiB), first.subarray(3 * MiB)], steps, artifacts)
const whole = Buffer.concat([first, steps])

const undone = (how: string, bytes: Uint8Array): Buffer =>
  how === 'gzip' ? gunzipSync(bytes) : how === 'zstd' ? zstdDecompressSync(bytes) : Buffer.from(bytes)

/** What pieces say, put together again: each of them is compressed on its own. */
async function all(
  how: string,
  pieces: AsyncIterable<Piece>,
): Promise<{ readonly bytes: Buffer; readonly of: number }> {
  const parts: Uint8Array[] = []
  let of = 0
  for await (const piece of pieces) {
    parts.push(undone(how, piece.bytes))
    of += piece.of
  }
  return { bytes: Buffer.concat(parts), of }
}

test('a pack can be begun anywhere, as it is or compressed', async () => {
  expect([pack.size, pack.steps]).toEqual([whole.length, steps.length])
  for (const from of [0, 1, MiB - 1, MiB, 3 * MiB + 5, whole.length - 1, whole.length]) {
    const rest = whole.subarray(from)
    for (const how of ['plain', 'gzip', 'zstd'] as const) {
      const sent = await all(how, pack.pieces(from, how))
      expect([how, sent.of, sent.bytes.equals(rest)]).toEqual([how, rest.length, true])
    }
  }
})

test('packs that share their first part and differ in one of the same length are not taken for each other', async () => {
  const shared = Buffer.from('the program itself')
  const means = { ...artifacts, compress: compressOnce(artifacts.compress) }
  const texts = ['for one node', 'for the next'].map(text => new TextEncoder().encode(text))
  for (const text of texts) {
    const { bytes } = await all('gzip', makePack('none', [shared], text, means).pieces(0, 'gzip'))
    expect(bytes.toString()).toBe(`${shared}${new TextDecoder().decode(text)}`)
  }
})

/** A node that keeps what it is sent, over a line that carries so many bytes a millisecond of a clock of its own. */
function nodeOver(speed: number, has = 0, zstd = false) {
  let time = 0
  let bytesOnLine = 0
  const kept: Uint8Array[] = [whole.subarray(0, has)]
  const ways: string[] = []
  return {
    ways,
    sent: () => bytesOnLine,
    got: () => Buffer.concat(kept),
    needs: {
      zstd,
      now: () => time,
      progress: (bytes: number) => {
        bytesOnLine += bytes
        time += bytes / speed
      },
      async receive(from: number, how: string, pieces: AsyncIterable<Uint8Array>) {
        ways.push(`${how} from ${from}`)
        for await (const piece of pieces) kept.push(undone(how, piece))
        const there = Buffer.concat(kept).length
        return there === pack.size ? ['done'] : [`part ${there}`]
      },
    },
  }
}

test('over a fast line a large pack is sent as it is, over a slow one its rest is compressed, once', async () => {
  const fast = nodeOver(10_000)
  await sendPack(pack, 0, fast.needs)
  expect(fast.ways).toEqual(['plain from 0'])
  expect(fast.got().equals(whole)).toBe(true)

  const slow = nodeOver(500)
  await sendPack(pack, 0, slow.needs)
  expect(slow.ways).toHaveLength(2)
  expect(slow.ways[1]).toMatch(/^gzip from \d+$/)
  expect(slow.got().equals(whole)).toBe(true)
  expect(slow.sent()).toBeLessThan(whole.length * 0.85)

  // What is left is little: it is compressed without a look at the line.
  const resumed = nodeOver(10_000, 4 * MiB)
  await sendPack(pack, 4 * MiB, resumed.needs)
  expect(resumed.ways).toEqual([`gzip from ${4 * MiB}`])
  expect(resumed.got().equals(whole)).toBe(true)

  // With zstd it need not be known.
  const able = nodeOver(10_000, 77, true)
  await sendPack(pack, 77, able.needs)
  expect(able.ways).toEqual(['zstd from 77'])
  expect(able.got().equals(whole)).toBe(true)
  expect(able.sent()).toBeLessThan(whole.length * 0.7)
})

test('a node that has something else than what was sent is told from one that has it', async () => {
  const node = nodeOver(10_000)
  const receive = async (from: number, how: string, pieces: AsyncIterable<Uint8Array>) => {
    await node.needs.receive(from, how, pieces)
    return ['part 0']
  }
  await expect(sendPack(pack, 0, { ...node.needs, receive })).rejects.toBeInstanceOf(Moved)
})

test('what arrived before a line was cut is not sent again', async () => {
  await using node = await createLocalNode()
  const folder = await mkdtemp(join(tmpdir(), 'pilothouse-send-'))
  try {
    const program = Buffer.concat([Buffer.from('#!/bin/sh\nwhile :; do sleep 60; done\n'), noise(5 * MiB)])
    await writeFile(join(folder, 'program'), program)
    const { nodes, services } = readEdgeFile(
      '.pilothouse/edge/a.yaml',
      `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeNode
metadata: { name: board }
spec: { host: board }
---
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: counter }
spec: { node: board, artifact: { path: program }, health: { exec: ["true"], stable: 1ms, timeout: 60s } }
`,
    )
    const prepared = await prepareRelease(services[0]!, folder, artifacts, signal)
    const apply = (connection: Line) =>
      applyRelease(nodes[0]!, services[0]!, {
        connection,
        prepared,
        pause: milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
        signal,
      })
    // The node sees the end of what it reads; whoever sent it hears nothing more.
    const cutAfter = (bytes: number): Line => ({
      address: 'sandbox',
      async exec(command, own) {
        const process = await node.connect().exec(command, own)
        let left = bytes
        return {
          ...process,
          stdin: {
            async write(piece) {
              left -= piece.length
              if (left >= 0) return await process.stdin.write(piece)
              await process.stdin.end()
              await process.exit
              throw new AppError('connection-lost', 'transport.connectionLost', { host: 'board' })
            },
            end: () => process.stdin.end(),
          },
          exit: process.exit.then(ended => (left >= 0 ? ended : { code: null, signal: null })),
        }
      },
    })
    await expect(apply(cutAfter(3.5 * MiB))).rejects.toMatchObject({ code: 'connection-lost' })
    const outcome = await apply(node.connect())
    if (outcome.kind !== 'applied') throw new Error(outcome.kind)
    expect(outcome.packed).toBeGreaterThan(5 * MiB)
    expect(outcome.sent).toBeLessThan(outcome.packed - 3 * MiB + 4096)
    expect(readFileSync(join(node.root, 'opt/pilothouse/counter/current/program')).equals(program)).toBe(true)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
