import { randomUUID } from 'node:crypto'
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
import { sameValue } from '../../../shared/yaml/yaml-value.ts'
import { ApiError, notFound, qualified } from './api-error.ts'
import { withDefaults } from './defaults.ts'
import { applyFields } from './fields/apply.ts'
import { omit, setAt } from './fields/json.ts'
import { jsonPatch } from './fields/json-patch.ts'
import { managersAfterUpdate, readManagers, writeManagers } from './fields/managed-fields.ts'
import { mergePatch, strategicMerge } from './fields/merge-patch.ts'
import { initialStatus } from './initial-status.ts'
import { apiVersionOf, type Kind } from './kinds.ts'
import type { Store } from './store.ts'
import { validate } from './validate.ts'

/** Who writes, and how. */
export type Writing = {
  readonly manager: string
  /** `status` writes the status and nothing else; without it, a kind that has one keeps its status. */
  readonly subresource?: 'status' | 'scale'
  readonly dryRun?: boolean
}
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'
export type Deletion = {
  readonly propagation?: string | undefined
  readonly uid?: string | undefined
  readonly dryRun?: boolean
}

/** The one way to change an object, for requests and controllers alike. Every method throws ApiError. */
export type Writer = {
  create(kind: Kind, object: LiveObject, how: Writing): LiveObject
  /** With a resource version in the object, only over that version. */
  replace(kind: Kind, object: LiveObject, how: Writing): LiveObject
  patch(
    kind: Kind,
    at: { readonly namespace: string; readonly name: string },
    type: PatchType,
    body: Json,
    how: Writing & { readonly force?: boolean },
  ): LiveObject
  delete(kind: Kind, at: { readonly namespace: string; readonly name: string }, deletion: Deletion): LiveObject
}

/** Kinds whose generation the server does not count. */
const ungenerated = new Set(
  'Pod Node Namespace Service Endpoints ConfigMap Secret ServiceAccount Event PersistentVolume PersistentVolumeClaim HorizontalPodAutoscaler Lease Role RoleBinding ClusterRole ClusterRoleBinding EndpointSlice'.split(
    ' ',
  ),
)

export const isoTime = (now: number): string => `${new Date(now).toISOString().slice(0, 19)}Z`

export function createWriter(store: Store, now: () => number, namespaces: Kind): Writer {
  const time = () => isoTime(now())

  function save(kind: Kind, before: LiveObject | undefined, wanted: LiveObject, how: Writing, managed: boolean) {
    let after = before ? keepIdentity(before, wanted) : born(kind, wanted, time())
    if (how.subresource === 'status' && before)
      after = { ...before, metadata: after['metadata']!, ...('status' in after && { status: after['status']! }) }
    else if (kind.subresources.includes('status'))
      after = before
        ? { ...omit(after, ['status']), ...('status' in before && { status: before['status']! }) }
        : { ...omit(after, ['status']), ...initialStatus(kind, after) }
    const isStatus = how.subresource === 'status' && before !== undefined
    if (!isStatus) {
      after = withDefaults(kind, after)
      validate(kind, before, after)
    }
    const isSpecChanged =
      before && !sameValue(omit(before, ['metadata', 'status']), omit(after, ['metadata', 'status']))
    if (!ungenerated.has(kind.kind)) {
      const generation = before ? (numberAt(before, 'metadata', 'generation') ?? 1) + (isSpecChanged ? 1 : 0) : 1
      after = setAt(after, ['metadata', 'generation'], generation)
    }
    if (!managed) {
      const writer = {
        name: how.manager,
        apiVersion: textAt(wanted, 'apiVersion') ?? apiVersionOf(kind),
        subresource: how.subresource ?? '',
        time: time(),
      }
      // A status is looked at alone: everything else is as it was.
      const part = (object: LiveObject) => (isStatus ? { status: object['status'] ?? {} } : object)
      const managers = managersAfterUpdate(
        before && part(before),
        part(after),
        writer,
        before ? readManagers(before) : [],
      )
      after = writeManagers(after, managers)
    }
    if (before && sameValue(before, after)) return before
    if (how.dryRun) return after
    const meta = objectAt(after, 'metadata')
    const waits =
      listAt(meta, 'finalizers').length > 0 ||
      (numberAt(meta, 'deletionGracePeriodSeconds') ?? 0) > 0 ||
      (kind === namespaces && listAt(after, 'spec', 'finalizers').length > 0)
    if (before && meta['deletionTimestamp'] !== undefined && !waits) {
      const gone = store.remove(kind, textAt(meta, 'namespace') ?? '', textAt(meta, 'name')!)
      return gone ?? after
    }
    return store.put(kind, after)
  }

  function requireNamespace(kind: Kind, object: LiveObject): void {
    if (!kind.namespaced) return
    const name = textAt(object, 'metadata', 'namespace') ?? ''
    const namespace = store.get(namespaces, '', name)
    if (!namespace) throw notFound(namespaces, name)
    if (textAt(namespace, 'metadata', 'deletionTimestamp') !== undefined)
      throw new ApiError(
        403,
        `${qualified(kind)} "${textAt(object, 'metadata', 'name') ?? ''}" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      )
  }

  const writer: Writer = {
    create(kind, object, how) {
      const prefix = textAt(object, 'metadata', 'generateName')
      const given = textAt(object, 'metadata', 'name') ?? (prefix && `${prefix}${randomUUID().slice(-5)}`) ?? ''
      const named = given === '' ? object : setAt(object, ['metadata', 'name'], given)
      requireNamespace(kind, named)
      if (store.get(kind, textAt(named, 'metadata', 'namespace') ?? '', given))
        throw new ApiError(409, `${qualified(kind)} "${given}" already exists`, undefined, 'AlreadyExists')
      return save(kind, undefined, named, how, false)
    },
    replace(kind, object, how) {
      const { namespace, name } = placeOf(object)
      const before = store.get(kind, namespace, name)
      if (!before) throw notFound(kind, name)
      requireVersion(kind, before, object)
      return save(kind, before, object, how, false)
    },
    patch(kind, { namespace, name }, type, body, how) {
      const before = store.get(kind, namespace, name)
      if (type === 'apply') {
        if (!isObject(body)) throw new ApiError(400, 'the body of an apply has to be an object')
        if (listAt(body, 'metadata', 'managedFields').length > 0)
          throw new ApiError(400, 'metadata.managedFields must be nil')
        let applied = setAt(body, ['metadata', 'name'], name)
        if (kind.namespaced) applied = setAt(applied, ['metadata', 'namespace'], namespace)
        if (!before) requireNamespace(kind, applied)
        const stated =
          how.subresource === 'status'
            ? applied
            : kind.subresources.includes('status')
              ? omit(applied, ['status'])
              : applied
        const self = {
          name: how.manager,
          apiVersion: textAt(body, 'apiVersion') ?? apiVersionOf(kind),
          subresource: how.subresource ?? '',
          time: time(),
        }
        return save(kind, before, applyFields(before, stated, self, how.force ?? false), how, true)
      }
      if (!before) throw notFound(kind, name)
      if (type === 'strategic' && kind.custom)
        throw new ApiError(
          415,
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
        )
      const patched =
        type === 'json'
          ? jsonPatch(before, Array.isArray(body) ? (body as readonly Json[]) : [body])
          : type === 'merge'
            ? mergePatch(before, body)
            : strategicMerge(before, body)
      if (!isObject(patched)) throw new ApiError(400, 'the patch makes no object of it')
      requireVersion(kind, before, patched)
      return save(kind, before, patched, how, false)
    },
    delete(kind, { namespace, name }, { propagation, uid, dryRun }) {
      const object = store.get(kind, namespace, name)
      if (!object) throw notFound(kind, name)
      const own = textAt(object, 'metadata', 'uid')
      if (uid !== undefined && uid !== own)
        throw new ApiError(
          409,
          `Operation cannot be fulfilled on ${qualified(kind)} "${name}": the UID in the precondition (${uid}) does not match the UID in record (${own}). The object might have been deleted and then recreated`,
        )
      if (dryRun) return object
      const finalizers = listAt(object, 'metadata', 'finalizers')
      const added = propagation === 'Foreground' ? ['foregroundDeletion'] : propagation === 'Orphan' ? ['orphan'] : []
      const waits = [...finalizers, ...added.filter(each => !finalizers.includes(each))]
      const grace = kind.kind === 'Pod' && textAt(object, 'spec', 'nodeName') !== undefined
      if (waits.length === 0 && !grace && kind.kind !== 'Namespace') return store.remove(kind, namespace, name)!
      if (textAt(object, 'metadata', 'deletionTimestamp') !== undefined) return object
      let marked = setAt(object, ['metadata', 'deletionTimestamp'], time())
      if (waits.length > 0) marked = setAt(marked, ['metadata', 'finalizers'], waits)
      if (grace) marked = setAt(marked, ['metadata', 'deletionGracePeriodSeconds'], 1)
      if (kind.kind === 'Namespace') marked = setAt(marked, ['status', 'phase'], 'Terminating')
      return store.put(kind, marked)
    },
  }
  return writer
}

export const placeOf = (object: LiveObject): { namespace: string; name: string } => ({
  namespace: textAt(object, 'metadata', 'namespace') ?? '',
  name: textAt(object, 'metadata', 'name') ?? '',
})

function born(kind: Kind, object: LiveObject, time: string): LiveObject {
  const metadata = omit(objectAt(object, 'metadata'), [
    'resourceVersion',
    'deletionTimestamp',
    'selfLink',
    'generation',
  ])
  return {
    apiVersion: textAt(object, 'apiVersion') ?? apiVersionOf(kind),
    kind: kind.kind,
    ...omit(object, ['apiVersion', 'kind']),
    metadata: { ...metadata, uid: randomUUID(), creationTimestamp: time },
  }
}

/** What only the server says stays as it is, whatever was sent. */
function keepIdentity(before: LiveObject, wanted: LiveObject): LiveObject {
  const old = objectAt(before, 'metadata')
  const metadata: Record<string, Json> = { ...objectAt(wanted, 'metadata') }
  for (const key of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'resourceVersion',
    'generation',
    'deletionTimestamp',
  ]) {
    const value = old[key]
    if (value === undefined) delete metadata[key]
    else metadata[key] = value
  }
  if (metadata['managedFields'] === undefined && old['managedFields'] !== undefined)
    metadata['managedFields'] = old['managedFields']
  return { ...wanted, apiVersion: before['apiVersion']!, kind: before['kind']!, metadata }
}

function requireVersion(kind: Kind, before: JsonObject, object: JsonObject): void {
  const asked = textAt(object, 'metadata', 'resourceVersion') ?? ''
  if (asked === '' || asked === textAt(before, 'metadata', 'resourceVersion')) return
  const name = textAt(before, 'metadata', 'name') ?? ''
  throw new ApiError(
    409,
    `Operation cannot be fulfilled on ${qualified(kind)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { name, group: kind.group, kind: kind.resource },
  )
}
