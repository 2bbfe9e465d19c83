import { fileAt, listAt, type Path, textAt } from '../manifests/manifest.ts'
import { type Call, classOf, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import { type Objects, sameNamespace, type Workload } from './index-objects.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import type { Parts } from './parts.ts'
import { containerPaths } from './read-containers.ts'
import type { Evidence } from './topology.ts'

/** A key of a Secret that a workload takes; no key where it takes the whole. */
type Taken = { readonly secret: string; readonly key?: string; readonly evidence: Evidence }

/**
 * Who takes the credentials of a store calls it: the very key of a Secret that the store itself takes, a Secret called
 * after the store, or the Secret that an operator makes for what it runs (`orders-app` of a CloudNativePG cluster).
 * What is in the Secret is neither needed nor read.
 */
export function credentialCalls(objects: Objects, book: NodeBook, parts: Parts): readonly Call[] {
  const taken = new Map(
    objects.workloads.map(workload => [
      workload,
      parts.part('secrets of workloads', workload, () => secretsOf(workload)),
    ]),
  )
  const stores = new Map<
    string,
    { readonly node: DraftNode; readonly workload: Workload; readonly keys: Set<string> }[]
  >()
  for (const [workload, secrets] of taken) {
    const node = book.ofWorkload(workload)
    if (node.kind !== 'datastore' && node.kind !== 'queue') continue
    for (const { secret, key } of secrets) {
      const list = stores.get(secret) ?? []
      stores.set(secret, list)
      const known = list.find(store => store.node === node)
      if (known) known.keys.add(key ?? '')
      else list.push({ node, workload, keys: new Set([key ?? '']) })
    }
  }
  return objects.workloads.flatMap(workload => {
    const from = book.ofWorkload(workload)
    if (from.kind === 'datastore' || from.kind === 'queue') return []
    const found = taken.get(workload)!.flatMap(({ secret, key, evidence }) => {
      const to = storeOf(workload, secret, key)
      return to && to !== from ? [{ to, evidence }] : []
    })
    const targets = [...new Map(found.map(each => [each.to, each])).values()]
    return parts.of(
      'calls by credentials',
      workload,
      [from, ...targets.flatMap(({ to, evidence }) => [to, evidence])],
      () => targets.map(({ to, evidence }) => callOf(from, to, evidence)),
    )
  })

  function storeOf({ namespace }: Workload, secret: string, key: string | undefined): DraftNode | undefined {
    const same = (stores.get(secret) ?? []).filter(store => sameNamespace(store.workload.namespace, namespace))
    const [store, other] = same
    if (store && !other) {
      const called = secret === store.node.plainName || secret.startsWith(`${store.node.plainName}-`)
      return called || (key !== undefined && store.keys.has(key)) ? store.node : undefined
    }
    const operated = objects.operated.filter(
      object => sameNamespace(object.namespace ?? '', namespace) && isMadeFor(secret, object.kind, object.name),
    )
    return operated.length === 1 ? book.operated(operated[0]!) : undefined
  }
}

/** Secrets that operators make, by the kind they make them for; `$` stands for the resource's name. */
const madeSecrets: { readonly [kind: string]: readonly string[] } = {
  Cluster: ['$-app', '$-superuser'],
  postgresql: ['*.$.credentials.*'],
  PostgresCluster: ['$-pguser-*'],
  PerconaPGCluster: ['$-pguser-*'],
  PerconaXtraDBCluster: ['$-secrets', 'internal-$'],
  PerconaServerMongoDB: ['$-secrets', 'internal-$-users'],
  MongoDBCommunity: ['$-*'],
  RabbitmqCluster: ['$-default-user'],
  Elasticsearch: ['$-es-elastic-user'],
  Postgres: ['$-auth'],
  MySQL: ['$-auth'],
  MongoDB: ['$-auth'],
}

function isMadeFor(secret: string, kind: string, name: string): boolean {
  const patterns = Object.hasOwn(madeSecrets, kind) ? madeSecrets[kind]! : []
  return patterns.some(pattern => {
    const [start = '', ...rest] = pattern.split('*').map(part => part.replace('$', () => name))
    if (rest.length === 0) return secret === start
    return secret.startsWith(start) && secret.length > start.length && rest.every(part => secret.includes(part))
  })
}

function secretsOf(workload: Workload): readonly Taken[] {
  const { manifest } = workload
  const taken: Taken[] = []
  const add = (secret: string | undefined, key: string | undefined, at: Path) => {
    if (secret === undefined) return
    const evidence: Evidence = {
      kind: 'env',
      file: fileAt(manifest, at),
      line: manifest.lineOf(at),
      detail: key === undefined ? `takes Secret ${secret}` : `takes ${key} of Secret ${secret}`,
    }
    taken.push({ secret, ...(key !== undefined && { key }), evidence })
  }
  for (const { path } of containerPaths(workload)) {
    for (const [index, item] of listAt(manifest.value, ...path, 'env').entries()) {
      const at: Path = [...path, 'env', index, 'valueFrom', 'secretKeyRef']
      add(textAt(item, 'valueFrom', 'secretKeyRef', 'name'), textAt(item, 'valueFrom', 'secretKeyRef', 'key'), at)
    }
    for (const [index, item] of listAt(manifest.value, ...path, 'envFrom').entries())
      add(textAt(item, 'secretRef', 'name'), undefined, [...path, 'envFrom', index, 'secretRef'])
  }
  return taken
}

function callOf(from: DraftNode, to: DraftNode, evidence: Evidence): Call {
  const [service] = to.services
  return {
    from,
    to,
    confidence: ALONE.credential,
    protocol: protocolOf(to, { ...(service && { service }) }),
    evidence: [evidence],
    class: classOf(from, to, {}),
  }
}
