import { AppError, isCancelled } from '../../../shared/errors.ts'
import { type Json, listAt, objectAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import type { KindName, ObjectKind } from '../../needs/cluster.ts'
import type { ApiLine } from './api-line.ts'

export interface Discovery {
  /** Every kind the server serves, in the version it prefers. A group that does not answer is left out. */
  all(signal: AbortSignal, refresh: boolean): Promise<readonly ObjectKind[]>
  /** One kind; asks no more than its group. Rejects `not-found` where it is not served. */
  find(kind: KindName, signal: AbortSignal): Promise<ObjectKind>
  /** What was learned is asked anew: of one group, or of all. */
  forget(group?: string): void
}

/** One answer for both of `/api` and `/apis`, since Kubernetes 1.27; older servers answer as they always did. */
const aggregated = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',')

/** https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api */
export function discoverKinds(line: ApiLine, context: string): Discovery {
  const versions = new Map<string, Promise<readonly ObjectKind[]>>()
  const preferred = new Map<string, Promise<readonly string[]>>()
  const everything = new Map<string, Promise<readonly ObjectKind[]>>()

  const ask = (path: string, signal: AbortSignal, accept?: string): Promise<Json> =>
    line.json(
      {
        method: 'GET',
        path,
        asked: { verb: 'get', group: '', resource: path },
        ...(accept !== undefined && { accept }),
      },
      signal,
    )

  /** What was asked is kept, and a failure is not. Whoever waits for another's question does not end with it. */
  async function once<V>(
    kept: Map<string, Promise<V>>,
    key: string,
    signal: AbortSignal,
    get: () => Promise<V>,
  ): Promise<V> {
    for (;;) {
      const asked = kept.get(key) ?? get()
      kept.set(key, asked)
      try {
        return await asked
      } catch (error) {
        if (kept.get(key) === asked) kept.delete(key)
        if (!isCancelled(error) || signal.aborted) throw error
      }
    }
  }

  const kindsOf = (group: string, version: string, signal: AbortSignal): Promise<readonly ObjectKind[]> =>
    once(versions, `${group}/${version}`, signal, async () => {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
      return plainKinds(await ask(path, signal), group, version)
    })

  const versionsOf = (group: string, signal: AbortSignal): Promise<readonly string[]> =>
    once(preferred, group, signal, async () =>
      group === '' ? ['v1'] : versionList(await ask(`/apis/${group}`, signal)),
    )

  async function readAll(signal: AbortSignal): Promise<readonly ObjectKind[]> {
    const [core, groups] = await Promise.all([ask('/api', signal, aggregated), ask('/apis', signal, aggregated)])
    if (textAt(groups, 'kind') === 'APIGroupDiscoveryList')
      return firstOfEach([...aggregatedKinds(core), ...aggregatedKinds(groups)])
    const names = [
      ...listAt(core, 'versions').map(version => ({ group: '', version: String(version) })),
      ...listAt(groups, 'groups').flatMap(group =>
        versionList(group).map(version => ({ group: textAt(group, 'name') ?? '', version })),
      ),
    ]
    const found = await Promise.all(
      names.map(({ group, version }) =>
        kindsOf(group, version, signal).catch((error: unknown) => {
          // An aggregated server that is away takes its own kinds along and no others.
          if (isCancelled(error) || !(error instanceof AppError)) throw error
          return []
        }),
      ),
    )
    return firstOfEach(found.flat())
  }

  async function lookUp({ group, kind, version }: KindName, signal: AbortSignal): Promise<ObjectKind | undefined> {
    try {
      for (const each of version === undefined ? await versionsOf(group, signal) : [version]) {
        const found = (await kindsOf(group, each, signal)).find(known => known.kind === kind)
        if (found) return found
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not-found') throw error
    }
    return undefined
  }

  function forget(group?: string): void {
    everything.clear()
    for (const key of [...versions.keys()]) if (group === undefined || key.startsWith(`${group}/`)) versions.delete(key)
    if (group === undefined) preferred.clear()
    else preferred.delete(group)
  }

  return {
    forget,
    all(signal, refresh) {
      if (refresh) forget()
      return once(everything, '', signal, () => readAll(signal))
    },
    async find(name, signal) {
      const { group, kind, version } = name
      const kept = [...versions.keys()].some(key => key.startsWith(`${group}/`))
      let found = await lookUp(name, signal)
      if (!found && kept) {
        // A definition may have been added since.
        forget(group)
        found = await lookUp(name, signal)
      }
      if (found) return found
      const what = `${kind}${group === '' ? '' : `.${group}`}${version === undefined ? '' : ` (${version})`}`
      throw new AppError('not-found', 'cluster.notServed', { context, what })
    },
  }
}

/** Of a kind in several versions the first: the preferred one is listed first. */
function firstOfEach(kinds: readonly ObjectKind[]): readonly ObjectKind[] {
  const seen = new Set<string>()
  return kinds.filter(({ group, kind }) => {
    const key = `${group}/${kind}`
    return !seen.has(key) && Boolean(seen.add(key))
  })
}

/** The preferred version first. */
function versionList(group: Json | undefined): readonly string[] {
  const first = textAt(group, 'preferredVersion', 'version')
  const all = listAt(group, 'versions').flatMap(version => textAt(version, 'version') ?? [])
  return first === undefined ? all : [first, ...all.filter(version => version !== first)]
}

const texts = (value: readonly Json[]): readonly string[] => value.filter(item => typeof item === 'string')

function plainKinds(list: Json, group: string, version: string): readonly ObjectKind[] {
  const resources = listAt(list, 'resources')
  return resources.flatMap(resource => {
    const name = textAt(resource, 'name') ?? ''
    if (name === '' || name.includes('/')) return []
    return {
      group,
      version,
      kind: textAt(resource, 'kind') ?? '',
      resource: name,
      namespaced: valueAt(resource, ['namespaced']) === true,
      verbs: texts(listAt(resource, 'verbs')),
      subresources: resources.flatMap(other => {
        const full = textAt(other, 'name') ?? ''
        return full.startsWith(`${name}/`) ? full.slice(name.length + 1) : []
      }),
    }
  })
}

function aggregatedKinds(list: Json): readonly ObjectKind[] {
  return listAt(list, 'items').flatMap(item => {
    const group = textAt(objectAt(item, 'metadata'), 'name') ?? ''
    return listAt(item, 'versions').flatMap(each =>
      listAt(each, 'resources').map(resource => ({
        group,
        version: textAt(each, 'version') ?? '',
        kind: textAt(resource, 'responseKind', 'kind') ?? '',
        resource: textAt(resource, 'resource') ?? '',
        namespaced: textAt(resource, 'scope') === 'Namespaced',
        verbs: texts(listAt(resource, 'verbs')),
        subresources: listAt(resource, 'subresources').flatMap(sub => textAt(sub, 'subresource') ?? []),
      })),
    )
  })
}
