import { isObject, type JsonObject, textAt } from '../../../shared/manifests/manifest.ts'
import { mayHoldManifests, readManifestFile } from '../../../shared/manifests/read-manifests.ts'
import type { GitRepository } from '../../needs/git-repository.ts'
import type { Checkout, Checkouts } from './gitops.ts'

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
      for (const each of followed.values()) each.checkout = await read(repository, each.revision, each.path)
      changed()
    })
    reading = reading.catch(report)
    return reading
  }
  const unwatch = repository.watch(() => void readAll())
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
      await reading
    },
  }
}

async function read(repository: GitRepository, revision: string, path: string): Promise<Checkout | null> {
  const commit = await repository.resolve(revision)
  if (commit === null) return null
  const files = await repository.files(commit, path === '' ? undefined : path)
  const manifests: JsonObject[] = []
  for (const file of files) {
    if (!mayHoldManifests(file.path)) continue
    const text = new TextDecoder().decode(await repository.blob(file.oid))
    for (const { value } of readManifestFile(file.path, text).manifests) if (isObject(value)) manifests.push(value)
  }
  return { revision: commit, manifests }
}
