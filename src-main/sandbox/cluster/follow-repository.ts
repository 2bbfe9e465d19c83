import { isObject, type JsonObject, textAt } from '../../../shared/manifests/manifest.ts'
import { mayHoldManifests, readManifestFile } from '../../../shared/manifests/read-manifests.ts'
import type { GitRepository } from '../../needs/git-repository.ts'
import type { Checkout, Checkouts } from './gitops.ts'

const pollEvery = 5000

/**
 * Reads what Applications follow from one repository on this machine, and again whenever a branch of it moves.
 * `changed` is called after each reading. The repository stays the caller's.
 */
export function followRepository(
  repository: GitRepository,
  changed: () => void,
  report: (error: unknown) => void,
): Checkouts & { follow(application: JsonObject): Promise<void>; close(): Promise<void> } {
  const followed = new Map<string, { readonly path: string; readonly revision: string; checkout: Checkout | null }>()
  const keyOf = (application: JsonObject) =>
    `${textAt(application, 'spec', 'source', 'targetRevision') ?? 'HEAD'}:${textAt(application, 'spec', 'source', 'path') ?? ''}`
  let reading = Promise.resolve()
  const readAll = () => {
    reading = reading.then(async () => {
      for (const each of followed.values()) each.checkout = await read(repository, each)
      changed()
    })
    reading = reading.catch(report)
    return reading
  }
  const unwatch = repository.watch(() => void readAll())
  // Not every file system tells what happens in it.
  const poll = setInterval(() => void readIfMoved().catch(report), pollEvery).unref()
  async function readIfMoved(): Promise<void> {
    for (const { revision, checkout } of followed.values())
      if (checkout && (await repository.resolve(revision)) !== checkout.revision) return readAll()
  }
  return {
    latest: application => followed.get(keyOf(application))?.checkout ?? null,
    refresh: () => void readAll(),
    async follow(application) {
      followed.set(keyOf(application), {
        path: (textAt(application, 'spec', 'source', 'path') ?? '').replace(/^\.?\/|\/$/g, ''),
        revision: textAt(application, 'spec', 'source', 'targetRevision') ?? 'HEAD',
        checkout: null,
      })
      await readAll()
    },
    async close() {
      unwatch()
      clearInterval(poll)
      await reading
    },
  }
}

async function read(
  repository: GitRepository,
  {
    revision,
    path,
    checkout,
  }: { readonly revision: string; readonly path: string; readonly checkout: Checkout | null },
): Promise<Checkout | null> {
  const commit = await repository.resolve(revision)
  if (commit === null) return null
  if (commit === checkout?.revision) return checkout
  const files = await repository.files(commit, path === '' ? undefined : path)
  const manifests: JsonObject[] = []
  for (const file of files) {
    if (!mayHoldManifests(file.path)) continue
    const text = new TextDecoder().decode(await repository.blob(file.oid))
    for (const { value } of readManifestFile(file.path, text).manifests) if (isObject(value)) manifests.push(value)
  }
  return { revision: commit, manifests }
}
