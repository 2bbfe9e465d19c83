import type { Person } from '../../../../shared/decisions/decision.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Clock } from '../../../needs/clock.ts'
import type { CommitRequest, Identity, ObjectId } from '../../../needs/git-repository.ts'
import { toRepository } from '../attributes/line-endings.ts'
import { PathConversions } from '../attributes/path-conversion.ts'
import type { Configuration } from '../config/configuration.ts'
import { throwIfCancelled } from '../files/breathe.ts'
import type { CommitGraph } from '../history/commit-graph.ts'
import { entryAt } from '../history/trees.ts'
import { encodeCommit } from '../objects/commit.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { fromText, type RawPath, toText, treeMode } from '../objects/tree.ts'
import type { GitEnvironment } from '../open/git-environment.ts'
import { buildTree } from './build-tree.ts'
import { clean, identityOf } from './identity.ts'
import { requireSafePath } from './safe-path.ts'
import { signCommit } from './sign-commit.ts'

export type CommitNeeds = {
  readonly objects: ObjectStore
  readonly graph: CommitGraph
  readonly configuration: Configuration
  readonly environment: GitEnvironment
  readonly commonDirectory: string
  readonly clock: Pick<Clock, 'now' | 'offset'>
}

/**
 * Writes one commit with its trees and blobs, signed where that is configured. Everything that can refuse does so
 * before the first object is written; what is written is on the disk before this resolves. `unsignedBy`: in this name
 * and without a signature, for what nobody asked to be signed.
 */
export async function writeCommit(
  needs: CommitNeeds,
  request: CommitRequest,
  signal?: AbortSignal,
  { unsignedBy }: { readonly unsignedBy?: Identity } = {},
): Promise<ObjectId> {
  const { objects, graph, configuration, environment } = needs
  throwIfCancelled(signal)
  const committer = unsignedBy ?? identityOf('committer', configuration, environment)
  const author = request.author ?? unsignedBy ?? identityOf('author', configuration, environment)
  if (!committer || !author) throw new AppError('invalid-input', 'git.noIdentity')
  for (const path of request.files.keys()) requireSafePath(path)
  if (request.message.trim() === '' || request.message.includes('\0'))
    throw new AppError('invalid-input', 'git.badMessage')

  graph.refresh()
  const base = request.base === null ? null : graph.links(request.base).tree
  const files = new Map<RawPath, Uint8Array | null>()
  for (const [path, content] of request.files) files.set(fromText(path), content)
  const converted = asGitAddWould(needs, base, files)
  const built = buildTree(objects, base, converted, configuration.boolean('core.ignorecase', false))

  const now = { time: Math.floor(needs.clock.now() / 1000), offset: needs.clock.offset() }
  const person = (who: Identity | Person): Person => ({
    name: clean(who.name),
    email: clean(who.email),
    ...('time' in who ? { time: who.time, offset: who.offset } : now),
  })
  if (request.author && (clean(request.author.name) === '' || clean(request.author.email) === ''))
    throw new AppError('invalid-input', 'git.noIdentity')
  const commit = {
    tree: built.tree,
    parents: request.base === null ? [] : [request.base],
    author: person(author),
    committer: person(committer),
    message: request.message,
  }
  const signature = unsignedBy
    ? undefined
    : await signCommit(encodeCommit(commit), committer, configuration, environment, signal)
  throwIfCancelled(signal)
  const written = await objects.writeAll([...built.objects, { type: 'commit', data: encodeCommit(commit, signature) }])
  return written.at(-1)!
}

/**
 * Contents as `git add` would store them: line endings by the attributes of the commit (with what this request changes
 * of them). Paths whose content a filter makes are refused, since what would be stored is not what was meant.
 */
function asGitAddWould(
  { objects, configuration, environment, commonDirectory }: CommitNeeds,
  base: ObjectId | null,
  files: ReadonlyMap<RawPath, Uint8Array | null>,
): ReadonlyMap<RawPath, Uint8Array | null> {
  const blobAt = (path: RawPath): Buffer | null => {
    const entry = base === null ? null : entryAt(objects, base, path)
    return entry && entry.mode !== treeMode && entry.mode !== '160000' ? objects.read(entry.oid).data : null
  }
  const conversions = new PathConversions(configuration, environment, commonDirectory, path => {
    const changed = files.get(path)
    const data = changed === undefined ? blobAt(path) : changed
    return data === null ? null : Buffer.from(data).toString('utf8')
  })
  const result = new Map<RawPath, Uint8Array | null>()
  for (const [path, content] of files) {
    const { endings, obstacle } = conversions.of(path)
    // Removing such a file is no conversion.
    if (obstacle && content !== null) {
      const key = obstacle.kind === 'lfs' ? 'git.pathIsLfs' : 'git.pathHasFilter'
      throw new AppError('unsupported', key, { path: toText(path), filter: obstacle.name })
    }
    result.set(path, content === null ? null : toRepository(asBuffer(content), endings, () => blobAt(path)))
  }
  return result
}

const asBuffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
