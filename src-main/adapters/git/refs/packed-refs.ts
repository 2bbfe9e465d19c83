import { statSync } from 'node:fs'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { readText } from '../files/read-text.ts'

/** `peeled`: what an annotated tag points at in the end; undefined when the file does not say. */
export type PackedRef = { readonly oid: ObjectId; readonly peeled: ObjectId | undefined }

/** The `packed-refs` file, read again when it changes. */
export class PackedRefs {
  readonly #path: string
  #stamp = ''
  #refs: ReadonlyMap<string, PackedRef> = new Map()

  constructor(path: string) {
    this.#path = path
  }

  all(): ReadonlyMap<string, PackedRef> {
    const stat = statSync(this.#path, { throwIfNoEntry: false, bigint: true })
    const stamp = stat ? `${stat.mtimeNs}/${stat.size}/${stat.ino}` : ''
    if (stamp !== this.#stamp) {
      this.#refs = stat ? parsePackedRefs(readText(this.#path) ?? '') : new Map()
      this.#stamp = stamp
    }
    return this.#refs
  }
}

function parsePackedRefs(text: string): ReadonlyMap<string, PackedRef> {
  const refs = new Map<string, PackedRef>()
  // With `fully-peeled` a ref without `^` line is no annotated tag.
  const full = /^# pack-refs with:.* fully-peeled/.test(text)
  let last: string | null = null
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line === '') continue
    if (line.startsWith('^')) {
      const before = last === null ? undefined : refs.get(last)
      if (before) refs.set(last!, { oid: before.oid, peeled: line.slice(1, 41) })
      continue
    }
    const oid = line.slice(0, 40)
    last = line.slice(41)
    refs.set(last, { oid, peeled: full ? oid : undefined })
  }
  return refs
}
