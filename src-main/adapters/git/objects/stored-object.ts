import { createHash } from 'node:crypto'
import type { ObjectId } from '../../../needs/git-repository.ts'

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'
/** One object without its header. `data` may be shared with a cache: never write into it. */
export type StoredObject = { readonly type: ObjectType; readonly data: Buffer }
/** One that is to be written, with its name where that was found already. */
export type NewObject = { readonly oid?: ObjectId; readonly type: ObjectType; readonly data: Uint8Array }

/** `<type> <length>\0`, which is hashed and stored in front of every loose object. */
export const objectHeader = (type: ObjectType, length: number): Buffer => Buffer.from(`${type} ${length}\0`, 'latin1')

/** The name git gives these bytes. */
export const objectId = (type: ObjectType, data: Uint8Array): ObjectId =>
  createHash('sha1').update(objectHeader(type, data.length)).update(data).digest('hex')

export const isObjectType = (text: string): text is ObjectType =>
  text === 'commit' || text === 'tree' || text === 'blob' || text === 'tag'
