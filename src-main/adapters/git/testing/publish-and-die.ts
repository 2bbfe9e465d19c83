import fs from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/**
 * A process that makes one commit and dies at its n-th change of the file system:
 * `publish-and-die.ts DIRECTORY N before|after|fails [switch]`. With `fails` that change throws instead, and the process
 * recovers. With `switch` it switches to the branch `other` or back. Prints how many changes it made when it lived. The
 * e2e kills from outside; this reaches every moment.
 */
const [directory, number, when, action] = process.argv.slice(2)
const fatal = Number(number)
let count = 0
let armed = false

const die = (): void => {
  process.kill(process.pid, 'SIGKILL')
}
const changing = [
  'appendFileSync',
  'chmodSync',
  'copyFileSync',
  'linkSync',
  'mkdirSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'unlinkSync',
  'writeFileSync',
]
const changingPromises = ['mkdir', 'open', 'rename', 'rm', 'writeFile']

const meet = (): void => {
  if (when === 'before') die()
  if (when === 'fails') throw Object.assign(new Error('EIO: made up'), { code: 'EIO' })
}

type Functions = { [name: string]: (...args: unknown[]) => unknown }
for (const name of changing) {
  const functions = fs as unknown as Functions
  const original = functions[name]!
  functions[name] = (...args) => {
    const mine = armed ? ++count : -1
    if (mine === fatal) meet()
    const result = original(...args)
    if (mine === fatal && when === 'after') die()
    return result
  }
}
for (const name of changingPromises) {
  const functions = fsPromises as unknown as Functions
  const original = functions[name]!
  functions[name] = async (...args) => {
    const mine = armed ? ++count : -1
    if (mine === fatal) meet()
    const result = await original(...args)
    if (mine === fatal && when === 'after') die()
    return result
  }
}
syncBuiltinESMExports()

const { openRepository } = await import('../open-repository.ts')
const repository = await openRepository(directory!)
const head = (await repository.head()).commit!
const files = new Map((await repository.files(head)).map(file => [file.path, file]))
const text = (value: string): Uint8Array => Buffer.from(value)
const change = new Map<string, Uint8Array | null>([
  ['apps/web/deploy.yaml', text(`replicas: ${process.hrtime.bigint()}\n`)],
  [`decisions/${process.hrtime.bigint()}/README.md`, text('why\n')],
  ['apps/tool.sh', text(`#!/bin/sh\necho ${process.hrtime.bigint()}\n`)],
])
// A file becomes a folder and a folder a file, in turn.
if (files.has('turn')) change.set('turn', null).set('turn/inside.yaml', text('a\n'))
else change.set('turn/inside.yaml', null).set('turn', text('b\n'))

async function move(): Promise<unknown> {
  if (action === 'switch') {
    const { branch } = await repository.head()
    return await repository.switchBranch(branch === 'other' ? 'main' : 'other')
  }
  const commit = await repository.writeCommit({ base: head, files: change, message: 'DECISION: die\n\nWhy not.\n' })
  return await repository.moveBranch((await repository.head()).branch!, head, commit)
}

armed = true
let outcome: unknown = null
try {
  outcome = await move()
} catch (error) {
  if (when !== 'fails') throw error
}
armed = false
if (when === 'fails') await repository.recover()
await repository[Symbol.asyncDispose]()
process.stdout.write(`${JSON.stringify({ outcome, count })}\n`)
