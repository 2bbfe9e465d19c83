import { fileAt } from '../manifests/manifest.ts'
import { type Call, classOf, protocolOf } from './call.ts'
import { ALONE, LEAST_CONFIDENCE } from './confidence.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import type { Parts } from './parts.ts'

/** Words that a store is called by beside those of its owner. */
const storeWords =
  /^(db|database|data|datastore|store|storage|cache|redis|valkey|mongo|mongodb|mysql|mysqldb|mariadb|postgres|postgresql|postgresdb|pg|sql|memcached|rabbitmq|mq|queue|dynamodb|elasticsearch|cassandra|influxdb|neo4j|primary|master|leader)$/

/**
 * Stores that nobody is seen to call, and that one service's name is part of: `orders-db` and `orders`, `redis-cart` and
 * `cart-service`. Programs often have such hosts written into them, so manifests show no more than the name. It is weak
 * evidence, and says so; where anyone is seen to call the store, it says nothing.
 */
export function nameCalls(book: NodeBook, calls: readonly Call[], parts: Parts): readonly Call[] {
  const called = new Set<DraftNode>()
  for (const call of calls) if (call.confidence >= LEAST_CONFIDENCE) called.add(call.to)
  const stores = book.nodes.filter(
    node =>
      !called.has(node) &&
      (book.kindOf(node) === 'datastore' || book.kindOf(node) === 'queue') &&
      node.workloads.length > 0,
  )
  if (stores.length === 0) return []
  const owners = new Map<string, DraftNode | null>()
  for (const node of book.nodes) {
    if (book.kindOf(node) !== 'service' || node.workloads.every(workload => workload.finite)) continue
    for (const name of new Set(
      [node, ...node.services].map(item => ownWords('plainName' in item ? item.plainName : item.name).join('-')),
    )) {
      const known = owners.get(name)
      owners.set(name, known === undefined || known === node ? node : null)
    }
  }
  return stores.flatMap(store => {
    const owner = ownerNames(store.plainName)
      .map(name => owners.get(name))
      .find(node => node)
    return owner ? [parts.of('calls by name', store, [owner], () => callOf(owner, store))] : []
  })
}

function callOf(from: DraftNode, to: DraftNode): Call {
  const { manifest } = to.workloads[0]!
  return {
    from,
    to,
    confidence: ALONE.name,
    protocol: protocolOf(to, { ...(to.services[0] && { service: to.services[0] }) }),
    evidence: [
      {
        kind: 'config',
        file: fileAt(manifest, ['metadata', 'name']),
        line: manifest.lineOf(['metadata', 'name']),
        detail: `${manifest.kind} ${manifest.name} is called after ${from.id}, and nobody else is seen to call it`,
      },
    ],
    class: classOf(from, to, {}),
  }
}

/** The words of a service's name without an ending that says no more than "a service". */
function ownWords(name: string): readonly string[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
  const plain = words.map(word => word.replace(/(?<=[a-z]{3})(service|svc)$/, ''))
  return plain.length > 1 && /^(service|svc|server|api|app|)$/.test(plain.at(-1)!) ? plain.slice(0, -1) : plain
}

/** Names a store's owner may have: its own name without the words of stores at one end. */
function ownerNames(store: string): readonly string[] {
  const words = store
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
  const names: string[] = []
  for (let cut = 1; cut < words.length; cut += 1) {
    if (words.slice(-cut).every(word => storeWords.test(word))) names.push(words.slice(0, -cut).join('-'))
    if (words.slice(0, cut).every(word => storeWords.test(word))) names.push(words.slice(cut).join('-'))
  }
  const joined =
    words.length === 1 ? /^([a-z]{3,}?)(db|data|cache|redis|mongo|mysql|postgres)$/.exec(words[0]!)?.[1] : undefined
  return joined === undefined ? names : [...names, joined]
}
