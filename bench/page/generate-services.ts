/** A made-up service of a generated system. */
export type GeneratedService = {
  readonly name: string
  readonly namespace: string
  readonly owner: string
  readonly system: string
  /** 0 stands at the edge, the last one for datastores. */
  readonly tier: number
  readonly calls: readonly string[]
}

const tiers = 6
const shares = [0.06, 0.16, 0.24, 0.26, 0.18, 0.1]

/**
 * Services as companies have them: namespaces of very different sizes, tiers, most calls within the namespace and to
 * the next tiers, a few platform services that many call, and circles: about one call in thirty goes back. The same
 * count always gives the same services.
 */
export function generateServices(count: number): readonly GeneratedService[] {
  const random = sequence(count)
  const namespaces = Math.max(3, Math.round(Math.sqrt(count) * 0.7))
  const weights = Array.from({ length: namespaces }, (_, i) => 1 / (i + 2) ** 0.7)
  const total = weights.reduce((a, b) => a + b, 0)
  const sizes = weights.map(weight => Math.max(2, Math.round((weight / total) * count)))
  const services: { name: string; namespace: string; owner: string; system: string; tier: number; calls: string[] }[] =
    []
  for (let i = 0; services.length < count; i++) {
    const space = i % namespaces
    for (let k = 0; k < sizes[space]! && services.length < count; k++) {
      const spot = (k + 0.5) / sizes[space]!
      let tier = 0
      for (let sum = shares[0]!; spot > sum && tier < tiers - 1; sum += shares[tier]!) tier++
      services.push({
        name: `${words[services.length % words.length]}-${String(services.length).padStart(5, '0')}`,
        namespace: `team-${String(space).padStart(2, '0')}`,
        owner: `crew-${String(space % Math.max(3, Math.round(namespaces / 3))).padStart(2, '0')}`,
        system: `system-${String(space % Math.max(3, Math.round(namespaces / 2))).padStart(2, '0')}`,
        tier,
        calls: [],
      })
    }
  }
  const at = new Map<string, number[]>()
  for (const [i, { namespace, tier }] of services.entries()) {
    const key = `${namespace} ${tier}`
    at.set(key, [...(at.get(key) ?? []), i])
  }
  const platform = services.flatMap((each, i) => (each.tier >= 4 ? [i] : [])).filter((_, i) => i % 40 === 0)
  for (const service of services) {
    if (service.tier === tiers - 1) continue
    const wanted = 1 + Math.floor(random() * 3)
    for (let k = 0; k < wanted; k++) {
      const dice = random()
      const step = dice < 0.035 ? -1 : dice < 0.8 ? 1 : 2
      const tier = Math.min(tiers - 1, Math.max(0, service.tier + step))
      const namespace =
        random() < 0.88 ? service.namespace : `team-${String(Math.floor(random() * namespaces)).padStart(2, '0')}`
      const choice = random() < 0.06 ? platform : (at.get(`${namespace} ${tier}`) ?? [])
      const target = services[choice[Math.floor(random() * choice.length)] ?? -1]
      if (target && target !== service && !service.calls.includes(target.name)) service.calls.push(target.name)
    }
  }
  return services
}

const words = [
  'cart',
  'offer',
  'ledger',
  'route',
  'stock',
  'price',
  'mail',
  'search',
  'order',
  'claim',
  'media',
  'quota',
]

/** Numbers from 0 to 1 that are the same in every run (mulberry32, public domain). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
