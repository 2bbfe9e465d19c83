import fs from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/**
 * A process that makes one commit and dies at its n-th change of the file system: `node publish-and-die.ts DIRECTORY N
 * before|after`. Prints how many changes it made when it lived. The e2e kills from outside; this reaches every moment.
 */
const [directory, number, when] = process.argv.slice(2)
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

type Functions = { [name: string]: (...args: unknown[]) => unknown }
for (const name of changing) {
  const functions = fs as unknown as Functions
  const original = functions[name]!
  functions[name] = (...args) => {
    const mine = armed ? ++count : -1
    if (mine === fatal && when === 'before') die()
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
    if (mine === fatal && when === 'before') die()
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
armed = true
const commit = await repository.writeCommit({ base: head, files: change, message: 'DECISION: die\n\nWhy not.\n' })
const outcome = await repository.moveBranch('main', head, commit)
armed = false
await repository[Symbol.asyncDispose]()
process.stdout.write(`${JSON.stringify({ outcome, count })}\n`)
