import type { LiveObject } from '../../../shared/health/health.ts'
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
} from '../../../shared/manifests/manifest.ts'
import type { Attempt, User } from './access.ts'
import { ApiError, notFound } from './api-error.ts'
import {
  aggregate,
  describeGroup,
  describeOpenApi,
  listGroups,
  listOpenApi,
  listResources,
  serverVersion,
} from './discovery.ts'
import { omit, setAt } from './fields/json.ts'
import { apiVersionOf, type Kind } from './kinds.ts'
import type { Pages } from './list-objects.ts'
import type { Place, ResourcePath } from './read-path.ts'
import { fieldMatcher, labelMatcher } from './selectors.ts'
import { type ClusterState, textOf } from './state.ts'
import { asTable } from './tables.ts'
import { type Print, printAs } from './watch-objects.ts'
import { type PatchType, placeOf, type Writing } from './write-objects.ts'

export type Ask = {
  readonly method: string
  readonly query: URLSearchParams
  readonly accept: string
  readonly contentType: string
  readonly userAgent: string
  readonly user: User
  readonly body: () => Promise<Json>
}
/** `text` is JSON unless `contentType` says otherwise. */
export type Answer = { readonly code: number; readonly text: string; readonly contentType?: string }

const json = (value: Json, code = 200): Answer => ({ code, text: JSON.stringify(value) })

/** Discovery, the version and what else is not about objects. Null where nothing is served. */
export function answerAbout(state: ClusterState, place: Place, accept: string): Answer | null {
  const kinds = state.kinds()
  if (place.kind === 'group-version') {
    const list = listResources(kinds, place.group, place.version)
    return listAt(list, 'resources').length === 0 ? null : json(list)
  }
  if (place.kind === 'group')
    return kinds.some(({ group }) => group === place.group) ? json(describeGroup(kinds, place.group)) : null
  if (place.kind !== 'other') return null
  const aggregated = /g=apidiscovery\.k8s\.io;v=v2(;|,|$)/.test(accept.replaceAll(' ', ''))
  const aggregatedAnswer = (core: boolean): Answer => ({
    code: 200,
    text: JSON.stringify(aggregate(kinds, core)),
    contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  })
  switch (place.path) {
    case '/version':
      return json(serverVersion)
    case '/healthz':
    case '/livez':
    case '/readyz':
      return { code: 200, text: 'ok', contentType: 'text/plain; charset=utf-8' }
    case '/api':
      return aggregated ? aggregatedAnswer(true) : json({ kind: 'APIVersions', versions: ['v1'] })
    case '/apis':
      return aggregated ? aggregatedAnswer(false) : json(listGroups(kinds))
    case '/openapi/v3':
      return json(listOpenApi(kinds))
  }
  const openApi = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(place.path)
  return openApi ? json(describeOpenApi(kinds, openApi[1] ?? '', openApi[2]!)) : null
}

/** Everything that is asked of objects but watches and streams. */
export async function answerObjects(
  state: ClusterState,
  pages: Pages,
  kind: Kind,
  version: string,
  at: ResourcePath,
  ask: Ask,
): Promise<Answer> {
  const { store, writer } = state
  const { method, query } = ask
  const namespace = kind.namespaced ? at.namespace : ''
  const print = printAs(kind, version)
  const give = (object: LiveObject, code = 200): Answer =>
    ask.accept.includes('as=Table')
      ? json(asTable(kind, [object], state.now(), textAt(object, 'metadata', 'resourceVersion') ?? ''))
      : { code, text: print(object) }
  const manager = query.get('fieldManager') || ask.userAgent.split('/')[0] || 'unknown'
  const dryRun = query.get('dryRun') === 'All'
  const how: Writing = { manager, dryRun, ...(at.subresource === 'status' && { subresource: 'status' }) }
  const preferred = (object: JsonObject): JsonObject => ({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind })

  if (at.name === undefined) {
    switch (method) {
      case 'GET': {
        const page = pages.read(kind, kind.namespaced ? at.namespace : undefined, query)
        const metadata = {
          resourceVersion: String(page.version),
          ...(page.next !== null && { continue: page.next }),
          ...(page.next !== null && !query.has('labelSelector') && { remainingItemCount: page.remaining }),
        }
        if (ask.accept.includes('as=Table'))
          return json(asTable(kind, page.items, state.now(), metadata.resourceVersion, metadata))
        const head = JSON.stringify({ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata })
        const items = page.items.map(kind.custom ? print : printItem)
        return { code: 200, text: `${head.slice(0, -1)},"items":[${items.join(',')}]}` }
      }
      case 'POST': {
        const body = requireObject(await ask.body(), kind, version)
        if (kind.group.startsWith('auth')) return json(review(state, kind, body, ask.user), 201)
        const object = located(preferred(body), kind, at, undefined)
        return give(writer.create(kind, object, how), 201)
      }
      case 'DELETE': {
        const matchesLabels = labelMatcher(query.get('labelSelector'))
        const matchesFields = fieldMatcher(query.get('fieldSelector'))
        const gone = store
          .list(kind, kind.namespaced ? at.namespace : undefined)
          .filter(object => matchesLabels(object) && matchesFields(object))
        for (const object of gone) writer.delete(kind, placeOf(object), { dryRun, propagation: 'Background' })
        return json({ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata: {}, items: gone })
      }
    }
    throw new ApiError(405, 'the server does not allow this method on the requested resource')
  }

  const place = { namespace: namespace ?? '', name: at.name }
  if (at.subresource === 'scale') return scale(state, kind, place, ask, how)
  switch (method) {
    case 'GET': {
      const object = store.get(kind, place.namespace, place.name)
      if (!object) throw notFound(kind, place.name)
      return give(object)
    }
    case 'PUT': {
      const object = located(preferred(requireObject(await ask.body(), kind, version)), kind, at, place.name)
      return give(writer.replace(kind, object, how))
    }
    case 'PATCH': {
      const type = patchType(ask.contentType)
      if (type === 'apply' && !query.get('fieldManager'))
        throw new ApiError(
          422,
          'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        )
      let body = await ask.body()
      if (type === 'apply') body = located(preferred(requireObject(body, kind, version)), kind, at, place.name)
      const isNew = !store.get(kind, place.namespace, place.name)
      const force = query.get('force') === 'true'
      return give(writer.patch(kind, place, type, body, { ...how, force }), isNew ? 201 : 200)
    }
    case 'DELETE': {
      const options = await ask.body()
      const object = writer.delete(kind, place, {
        propagation: textAt(options, 'propagationPolicy') ?? query.get('propagationPolicy') ?? 'Background',
        uid: textAt(options, 'preconditions', 'uid'),
        dryRun: dryRun || listAt(options, 'dryRun').includes('All'),
      })
      if (textAt(object, 'metadata', 'deletionTimestamp') !== undefined) return give(object)
      const details = { name: at.name, group: kind.group, kind: kind.resource, uid: textAt(object, 'metadata', 'uid')! }
      return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details })
    }
    case 'POST':
      if (at.subresource === 'eviction') {
        writer.delete(kind, place, { dryRun })
        return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201)
      }
  }
  throw new ApiError(405, 'the server does not allow this method on the requested resource')
}

/** Items of a list of built-in kinds say neither version nor kind: the list does. */
const itemTexts = new WeakMap<LiveObject, string>()
const printItem: Print = object => {
  let text = itemTexts.get(object)
  if (text === undefined) {
    text = textOf(omit(object, ['apiVersion', 'kind']))
    itemTexts.set(object, text)
  }
  return text
}

function patchType(contentType: string): PatchType {
  switch (contentType.split(';')[0]!.trim()) {
    case 'application/json-patch+json':
      return 'json'
    case 'application/merge-patch+json':
      return 'merge'
    case 'application/strategic-merge-patch+json':
      return 'strategic'
    case 'application/apply-patch+yaml':
      return 'apply'
    default:
      throw new ApiError(415, 'the body of the request was in an unknown format')
  }
}

function requireObject(body: Json, kind: Kind, version: string): JsonObject {
  if (!isObject(body)) throw new ApiError(400, 'the body of the request was not an object')
  const expected = kind.group === '' ? version : `${kind.group}/${version}`
  const said = textAt(body, 'apiVersion') ?? expected
  if (said !== expected)
    throw new ApiError(
      400,
      `the API version in the data (${said}) does not match the expected API version (${expected})`,
    )
  const saidKind = textAt(body, 'kind') ?? kind.kind
  if (saidKind !== kind.kind)
    throw new ApiError(400, `${saidKind} in version "${version}" cannot be handled as a ${kind.kind}: no kind match`)
  return body
}

/** The object with the namespace of the path. Throws 400 where the two say different things. */
function located(object: JsonObject, kind: Kind, at: ResourcePath, name: string | undefined): JsonObject {
  const said = textAt(object, 'metadata', 'name')
  if (name !== undefined && said !== undefined && said !== name)
    throw new ApiError(400, `the name of the object (${said}) does not match the name on the URL (${name})`)
  if (!kind.namespaced) return setAt(object, ['metadata', 'namespace'], undefined)
  const namespace = textAt(object, 'metadata', 'namespace')
  if (namespace !== undefined && at.namespace !== undefined && namespace !== at.namespace)
    throw new ApiError(400, 'the namespace of the provided object does not match the namespace sent on the request')
  return setAt(object, ['metadata', 'namespace'], at.namespace ?? namespace ?? 'default')
}

async function scale(
  { store, writer }: ClusterState,
  kind: Kind,
  place: { readonly namespace: string; readonly name: string },
  ask: Ask,
  how: Writing,
): Promise<Answer> {
  const object = store.get(kind, place.namespace, place.name)
  if (!object) throw notFound(kind, place.name)
  const scaleOf = (of: LiveObject): JsonObject => ({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: omit(objectAt(of, 'metadata'), ['managedFields', 'labels', 'annotations', 'generation']),
    spec: { replicas: numberAt(of, 'spec', 'replicas') ?? 0 },
    status: {
      replicas: numberAt(of, 'status', 'replicas') ?? 0,
      selector: Object.entries(objectAt(of, 'spec', 'selector', 'matchLabels'))
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(','),
    },
  })
  if (ask.method === 'GET') return json(scaleOf(object))
  const body = await ask.body()
  const replicas = numberAt(body, 'spec', 'replicas')
  if (replicas === undefined) throw new ApiError(400, 'spec.replicas is required')
  const changed = writer.patch(kind, place, 'merge', { spec: { replicas } }, { ...how, subresource: 'scale' })
  return json(scaleOf(changed))
}

function review(state: ClusterState, kind: Kind, body: JsonObject, user: User): JsonObject {
  if (kind.kind === 'SelfSubjectReview')
    return { ...body, status: { userInfo: { username: user.name, groups: [...user.groups] } } }
  if (kind.kind === 'SelfSubjectRulesReview') {
    const rules = state.access.rulesOf(user, textAt(body, 'spec', 'namespace') ?? '')
    return { ...body, status: { resourceRules: rules, nonResourceRules: [], incomplete: false } }
  }
  const asked = objectAt(body, 'spec', 'resourceAttributes')
  const attempt: Attempt = {
    verb: textAt(asked, 'verb') ?? '',
    group: textAt(asked, 'group') ?? '',
    resource: textAt(asked, 'resource') ?? '',
    subresource: textAt(asked, 'subresource') || undefined,
    namespace: textAt(asked, 'namespace') || undefined,
    name: textAt(asked, 'name') || undefined,
  }
  const allowed = state.access.may(user, attempt)
  return { ...body, status: { allowed, ...(!allowed && { reason: '' }) } }
}
