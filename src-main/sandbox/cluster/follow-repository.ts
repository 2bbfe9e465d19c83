import { isObject, type JsonObject } from '../../../shared/manifests/manifest.ts'
import { mayHoldManifests, readManifestFile } from '../../../shared/manifests/read-manifests.ts'
import { translate } from '../../../shared/messages/index.ts'
import type { GitRepository } from '../../needs/git-repository.ts'
import type { Checkout, Checkouts, Followed } from './checkouts.ts'

const pollEvery = 5000

type Kept = Followed & { checkout: Checkout | null }

/**
 * Reads what engines follow from one repository on this machine, and again whenever a branch of it moves. `changed` is
 * called after each reading. What was never asked for is followed from then on. The repository stays the caller's.
 */
export function followRepository(
  repository: GitRepository,
  changed: () => void,
  report: (error: unknown) => void,
): Checkouts & { follow(followed: Followed): Promise<void>; close(): Promise<void> } {
  const known = new Map<string, Kept>()
  const keyOf = ({ revision, path }: Followed) => `${revision}:${plain(path)}`
  let reading = Promise.resolve()
  const readAll = () => {
    reading = reading.then(async () => {
      for (const each of known.values()) each.checkout = await read(repository, each)
      changed()
    })
    reading = reading.catch(report)
    return reading
  }
  const follow = (followed: Followed): Promise<void> => {
    known.set(keyOf(followed), { revision: followed.revision, path: plain(followed.path), checkout: null })
    return readAll()
  }
  const unwatch = repository.watch(() => void readAll())
  // Not every file system tells what happens in it.
  const poll = setInterval(() => void readIfMoved().catch(report), pollEvery).unref()
  async function readIfMoved(): Promise<void> {
    for (const { revision, checkout } of known.values())
      if (checkout && (await repository.resolve(revision)) !== checkout.revision) return readAll()
  }
  return {
    latest(followed) {
      const kept = known.get(keyOf(followed))
      if (!kept) void follow(followed)
      return kept?.checkout ?? null
    },
    refresh: () => void readAll(),
    follow,
    async close() {
      unwatch()
      clearInterval(poll)
      await reading
    },
  }
}

const plain = (path: string): string =>
  path
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/')

async function read(repository: GitRepository, { revision, path, checkout }: Kept): Promise<Checkout> {
  const commit = await repository.resolve(revision)
  if (commit === null)
    return {
      revision: '',
      manifests: [],
      problem: { kind: 'no-revision', message: `couldn't find remote ref "${revision}"` },
    }
  if (commit === checkout?.revision) return checkout
  const files = await repository.files(commit, path === '' ? undefined : path)
  if (files.length === 0)
    return {
      revision: commit,
      manifests: [],
      problem: { kind: 'no-path', message: `${path}: no such file or directory` },
    }
  const manifests: JsonObject[] = []
  for (const file of files) {
    if (!mayHoldManifests(file.path)) continue
    const text = new TextDecoder().decode(await repository.blob(file.oid))
    const read = readManifestFile(file.path, text)
    const broken = read.findings.find(({ kind }) => kind === 'broken-file')
    if (broken) {
      const message = `${file.path}:${broken.line ?? 1}: ${translate('en', broken.message)}`
      return { revision: commit, manifests: [], problem: { kind: 'broken', message } }
    }
    for (const { value } of read.manifests) if (isObject(value) && !isForTools(value)) manifests.push(value)
  }
  return { revision: commit, manifests }
}

/** What kustomize reads itself is no object of a cluster. */
const isForTools = ({ apiVersion }: JsonObject): boolean =>
  typeof apiVersion === 'string' && apiVersion.startsWith('kustomize.config.k8s.io/')
