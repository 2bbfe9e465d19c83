import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { type Json, type JsonObject, objectAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import type { AccessQuestion, Cluster, KindName, ObjectKind, ObjectName } from '../../needs/cluster.ts'
import { openLine } from './api-line.ts'
import { discoverKinds } from './discover-kinds.ts'
import { runInContainer } from './exec-socket.ts'
import { forwardPort } from './forward-port.ts'
import { askGrpcHealth } from './grpc-health.ts'
import type { ContextEntry } from './kubeconfig-entries.ts'
import { asObject, listKind } from './list-kind.ts'
import { askedOf, objectPath } from './object-path.ts'
import { proxyGet } from './proxy-get.ts'
import { readLogs } from './read-logs.ts'
import { shareWatches } from './share-watches.ts'
import { watchKind } from './watch-kind.ts'

/** Milliseconds an answer about rights is kept. */
const rightsAge = 60_000

/** Nothing is asked of the server before the first method is called. */
export function openCluster(entry: ContextEntry): Cluster {
  const line = openLine(entry)
  const discovery = discoverKinds(line, entry.context.name)
  const watches = shareWatches((scope, tell, signal) => watchKind({ line, discovery }, scope, tell, signal))
  const rights = new Map<string, { readonly allowed: boolean; readonly until: number }>()

  /** The kind of an object that is sent, in the version it is written in. */
  const kindOf = (object: LiveObject, signal: AbortSignal): Promise<ObjectKind> => {
    const [group, version] = splitVersion(textAt(object, 'apiVersion') ?? '')
    return discovery.find({ group, version, kind: textAt(object, 'kind') ?? '' }, signal)
  }

  const live = (answer: Json, kind: ObjectKind): LiveObject => asObject(mutableObject(answer), kind, true)

  async function named(name: ObjectName, signal: AbortSignal): Promise<ObjectKind> {
    const kind: KindName = {
      group: name.group,
      kind: name.kind,
      ...(name.version !== undefined && { version: name.version }),
    }
    const found = await discovery.find(kind, signal)
    if (found.namespaced && (name.namespace ?? '') === '')
      throw new AppError('invalid-input', 'cluster.refused', {
        what: `${found.resource} ${name.name}`,
        reason: 'metadata.namespace: Required value',
      })
    return found
  }

  async function mayI(question: AccessQuestion, signal: AbortSignal): Promise<boolean> {
    const { verb, group, resource, subresource, namespace, name } = question
    const key = [verb, group, resource, subresource, namespace, name].join('\n')
    const known = rights.get(key)
    if (known && known.until > Date.now()) return known.allowed
    const resourceAttributes = {
      verb,
      group,
      resource,
      ...(subresource !== undefined && { subresource }),
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    }
    const answer = await line.json(
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes },
        },
        asked: { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
      },
      signal,
    )
    const allowed = valueAt(answer, ['status', 'allowed']) === true
    rights.set(key, { allowed, until: Date.now() + rightsAge })
    return allowed
  }

  /** A server that refuses knows better than what it said a moment ago. */
  async function changing<T>(change: () => Promise<T>): Promise<T> {
    try {
      return await change()
    } catch (error) {
      if (error instanceof AppError && error.code === 'forbidden') rights.clear()
      throw error
    }
  }

  type PodName = { readonly namespace: string; readonly name: string }

  /** A server says that a Pod is not there also where only its node is not: the Pod itself tells which it is. */
  async function withoutNode(error: unknown, { namespace, name }: PodName, signal: AbortSignal): Promise<unknown> {
    if (!(error instanceof AppError) || error.code !== 'not-found') return error
    try {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`
      const asked = { verb: 'get', group: '', resource: 'pods', namespace, name }
      const node = textAt(await line.json({ method: 'GET', path, asked }, signal), 'spec', 'nodeName')
      if (node === undefined) return error
      return new AppError('unreachable', 'cluster.nodeGone', { pod: `${namespace}/${name}`, node }, { cause: error })
    } catch (refused) {
      if (refused instanceof AppError && !isCancelled(refused)) return error
      throw refused
    }
  }
  async function into<T>(pod: PodName, signal: AbortSignal, go: () => Promise<T>): Promise<T> {
    try {
      return await go()
    } catch (error) {
      throw await withoutNode(error, pod, signal)
    }
  }

  return {
    context: entry.context,
    async version(signal) {
      const asked = { verb: 'get', group: '', resource: '/version' }
      return textAt(await line.json({ method: 'GET', path: '/version', asked }, signal), 'gitVersion') ?? ''
    },
    kinds: (signal, refresh = false) => discovery.all(signal, refresh),
    async get(name, signal) {
      const kind = await named(name, signal)
      const question = { method: 'GET', path: objectPath(kind, name), asked: askedOf('get', kind, name) } as const
      return live(await line.json(question, signal), kind)
    },
    async list(scope, signal) {
      return (await listKind(line, await discovery.find(scope.kind, signal), scope, true, signal)).objects
    },
    watch: (scope, signal) => watches.watch(scope, signal),
    create: (object, { dryRun = false }, signal) =>
      changing(async () => {
        const kind = await kindOf(object, signal)
        const at = placeOf(object)
        const answer = await line.json(
          {
            method: 'POST',
            path: objectPath(kind, { namespace: at.namespace }),
            query: { dryRun: dryRun ? 'All' : undefined, fieldManager: 'pilothouse' },
            body: object,
            asked: askedOf('create', kind, at),
          },
          signal,
        )
        return live(answer, kind)
      }),
    apply: (object, { fieldManager, force = false, dryRun = false }, signal) =>
      changing(async () => {
        const kind = await kindOf(object, signal)
        const at = placeOf(object)
        const answer = await line.json(
          {
            method: 'PATCH',
            path: objectPath(kind, at),
            query: { fieldManager, force: force ? 'true' : undefined, dryRun: dryRun ? 'All' : undefined },
            body: object,
            contentType: 'application/apply-patch+yaml',
            asked: askedOf('patch', kind, at),
          },
          signal,
        )
        return live(answer, kind)
      }),
    patch: (name, { type, body, subresource, fieldManager, dryRun = false }, signal) =>
      changing(async () => {
        const kind = await named(name, signal)
        const at = { namespace: name.namespace, name: name.name, subresource }
        const answer = await line.json(
          {
            method: 'PATCH',
            path: objectPath(kind, at),
            query: { fieldManager, dryRun: dryRun ? 'All' : undefined },
            body,
            contentType:
              type === 'strategic' ? 'application/strategic-merge-patch+json' : `application/${type}-patch+json`,
            asked: askedOf('patch', kind, at),
          },
          signal,
        )
        return live(answer, kind)
      }),
    delete: (name, { propagation = 'Background', uid }, signal) =>
      changing(async () => {
        const kind = await named(name, signal)
        await line.text(
          {
            method: 'DELETE',
            path: objectPath(kind, name),
            body: {
              apiVersion: 'v1',
              kind: 'DeleteOptions',
              propagationPolicy: propagation,
              ...(uid !== undefined && { preconditions: { uid } }),
            },
            asked: askedOf('delete', kind, name),
          },
          signal,
        )
      }),
    mayI: (questions, signal) => Promise.all(questions.map(question => mayI(question, signal))),
    async *logs(pod, options, signal) {
      try {
        yield* readLogs(line, pod, options, signal)
      } catch (error) {
        throw await withoutNode(error, pod, signal)
      }
    },
    exec: (pod, command, options, signal) =>
      into(pod, signal, () => runInContainer(line, pod, command, options, signal)),
    forward: (pod, port, signal) => into(pod, signal, () => forwardPort(line, pod, port, signal)),
    grpcHealth: (pod, to, signal) => into(pod, signal, () => askGrpcHealth(line, pod, to, signal)),
    proxyGet: (to, path, signal) => proxyGet(line, to, path, signal),
    async [Symbol.asyncDispose]() {
      await watches[Symbol.asyncDispose]()
      await line[Symbol.asyncDispose]()
    },
  }
}

/** `apps/v1` as group and version; the core group has none. */
function splitVersion(apiVersion: string): readonly [group: string, version: string] {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
}

function placeOf(object: LiveObject): { readonly namespace?: string; readonly name: string } {
  const metadata = objectAt(object, 'metadata')
  const namespace = textAt(metadata, 'namespace')
  return { ...(namespace !== undefined && { namespace }), name: textAt(metadata, 'name') ?? '' }
}

/** Fresh from the parser, so it may be changed. */
const mutableObject = (answer: Json): { [key: string]: Json } => ({ ...(answer as JsonObject) })
