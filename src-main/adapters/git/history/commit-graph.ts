import { statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { GitCommit, ObjectId } from '../../../needs/git-repository.ts'
import { readText } from '../files/read-text.ts'
import { type CommitLinks, parseCommit, parseLinks, tagTarget } from '../objects/commit.ts'
import type { ObjectStore } from '../objects/object-store.ts'

/** Commits and how they hang together; a shallow clone's last commits count as roots, as in git. */
export class CommitGraph {
  readonly #objects: ObjectStore
  readonly #shallowFile: string
  #shallowStamp = ''
  #shallow: ReadonlySet<ObjectId> = new Set()

  constructor(objects: ObjectStore, commonDirectory: string) {
    this.#objects = objects
    this.#shallowFile = join(commonDirectory, 'shallow')
    this.refresh()
  }

  /** Reads `shallow` again when it changed. Walks call it once, at their start. */
  refresh(): void {
    const stat = statSync(this.#shallowFile, { throwIfNoEntry: false })
    const stamp = stat ? `${stat.mtimeMs}/${stat.size}/${stat.ino}` : ''
    if (stamp === this.#shallowStamp) return
    this.#shallow = new Set((stat ? (readText(this.#shallowFile) ?? '') : '').split('\n').filter(line => line !== ''))
    this.#shallowStamp = stamp
  }

  get isShallow(): boolean {
    this.refresh()
    return this.#shallow.size > 0
  }

  commit(oid: ObjectId): GitCommit {
    const commit = parseCommit(oid, this.#read(oid))
    return this.#shallow.has(oid) ? { ...commit, parents: [] } : commit
  }

  /** The object's body as stored. */
  body(oid: ObjectId): Buffer {
    return this.#read(oid)
  }

  links(oid: ObjectId): CommitLinks {
    const links = parseLinks(this.#read(oid))
    return this.#shallow.has(oid) ? { ...links, parents: [] } : links
  }

  /** The commit an object is or leads to (annotated tags); null for trees and blobs. */
  peel(oid: ObjectId): ObjectId | null {
    let at = oid
    for (let depth = 0; depth < 32; depth++) {
      const { type, data } = this.#objects.read(at)
      if (type === 'commit') return at
      if (type !== 'tag') return null
      at = tagTarget(data)
    }
    return null
  }

  #read(oid: ObjectId): Buffer {
    const { type, data } = this.#objects.read(oid)
    if (type !== 'commit') throw new AppError('invalid-input', 'git.notACommit', { oid, type })
    return data
  }
}
