import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { deflate, inflateSync } from 'node:zlib'
import { settleAll } from '../files/settle-all.ts'
import { syncDirectory } from '../files/sync-directory.ts'
import { isObjectType, type ObjectType, objectHeader, type StoredObject } from './stored-object.ts'

const compress = promisify(deflate)

const loosePath = (directory: string, oid: string): string => join(directory, oid.slice(0, 2), oid.slice(2))

export const hasLoose = (directory: string, oid: string): boolean => existsSync(loosePath(directory, oid))

/** Null when there is none. Throws RangeError (or zlib's error) for a damaged file. */
export function readLoose(directory: string, oid: string): StoredObject | null {
  let stored: Buffer
  try {
    stored = readFileSync(loosePath(directory, oid))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
  const all = inflateSync(stored)
  const end = all.indexOf(0)
  const header = /^([a-z]+) (\d+)$/.exec(all.toString('latin1', 0, Math.max(0, Math.min(end, 40))))
  const data = all.subarray(end + 1)
  if (!header || !isObjectType(header[1]!) || Number(header[2]) !== data.length)
    throw new RangeError('loose object is damaged')
  return { type: header[1], data }
}

/** Adds the loose ids that begin with these hexadecimal digits (at least two). */
export function findLoosePrefix(directory: string, prefix: string, into: Set<string>): void {
  let names: string[]
  try {
    names = readdirSync(join(directory, prefix.slice(0, 2)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  for (const name of names)
    if (/^[0-9a-f]{38}$/.test(name) && name.startsWith(prefix.slice(2))) into.add(prefix.slice(0, 2) + name)
}

/**
 * Writes objects so that a power cut leaves each one whole or absent: every byte is on the disk before the first one
 * gets its name, and names are given in the order asked (content before what refers to it).
 */
export async function writeLoose(
  directory: string,
  objects: readonly { readonly oid: string; readonly type: ObjectType; readonly data: Uint8Array }[],
): Promise<void> {
  const folders = new Set(objects.map(object => dirname(loosePath(directory, object.oid))))
  const made = await Promise.all([...folders].map(folder => mkdir(folder, { recursive: true })))
  const temporary: string[] = []
  try {
    await settleAll(
      objects.map(async ({ oid, type, data }, position) => {
        const path = join(dirname(loosePath(directory, oid)), `tmp_obj_${randomBytes(6).toString('hex')}`)
        temporary[position] = path
        // Level 1: what is new is small, and a later repack compresses again.
        const stored = await compress(Buffer.concat([objectHeader(type, data.length), data]), {
          level: 1,
          chunkSize: Math.max(16_384, Math.min(data.length >> 2, 1 << 20)),
        })
        const file = await open(path, 'wx', 0o444)
        try {
          await file.writeFile(stored)
          await file.sync()
        } finally {
          await file.close()
        }
      }),
    )
    for (const [position, { oid }] of objects.entries()) await rename(temporary[position]!, loosePath(directory, oid))
  } catch (error) {
    await Promise.all(temporary.filter(path => path).map(path => rm(path, { force: true })))
    throw error
  }
  await Promise.all([...folders].map(syncDirectory))
  if (made.some(folder => folder !== undefined)) await syncDirectory(directory)
}
