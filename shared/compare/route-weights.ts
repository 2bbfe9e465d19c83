import { type Json, listAt, type Manifest, numberAt, textAt } from '../manifests/manifest.ts'

/** The share of calls that a rule of a route gives to one of its targets. */
export type RouteWeight = {
  /** `VirtualService shop/reviews` */
  readonly route: string
  /** Position of the rule, from 1. */
  readonly rule: number
  readonly target: string
  /** Percent, of all the rule gives out. */
  readonly percent: number
  readonly file: string
  readonly line: number
}

type Split = {
  readonly rules: readonly (readonly Json[])[]
  readonly name: (item: Json) => string
  readonly usual: number
}

/**
 * How routes share calls out, where a rule has more than one target: Istio's VirtualService, the routes of the Gateway
 * API (where 1 is meant when nothing is said), SMI's TrafficSplit, Traefik's weighted TraefikService, and ingress-nginx'
 * canary annotation.
 */
export function routeWeights(manifests: readonly Manifest[]): RouteWeight[] {
  return manifests.flatMap(manifest => {
    if (manifest.kind !== 'Ingress' && !isSplit(manifest)) return []
    const place = { file: manifest.file, line: manifest.lineOf() }
    const route = `${manifest.kind} ${manifest.namespace === undefined ? '' : `${manifest.namespace}/`}${manifest.name}`
    const canary = textAt(manifest.value, 'metadata', 'annotations', 'nginx.ingress.kubernetes.io/canary-weight')
    if (manifest.kind === 'Ingress' && canary !== undefined && Number.isFinite(Number(canary)))
      return [{ route, rule: 1, target: 'canary', percent: Number(canary), ...place }]
    const split = splitOf(manifest)
    if (!split) return []
    return split.rules.flatMap((targets, index) => {
      if (targets.length < 2) return []
      const weights = targets.map(item => numberAt(item, 'weight') ?? split.usual)
      const sum = weights.reduce((total, weight) => total + weight, 0)
      if (sum <= 0) return []
      return targets.map((item, at) => ({
        route,
        rule: index + 1,
        target: split.name(item),
        percent: Number(((weights[at]! * 100) / sum).toFixed(2)),
        ...place,
      }))
    })
  })
}

const isSplit = ({ kind }: Manifest): boolean => /Route$|^(VirtualService|TrafficSplit|TraefikService)$/.test(kind)

function splitOf({ group, kind, value }: Manifest): Split | null {
  const spec = (...path: string[]): readonly Json[] => listAt(value, 'spec', ...path)
  const named = (item: Json): string => textAt(item, 'name') ?? ''
  if (group === 'networking.istio.io' && kind === 'VirtualService')
    return {
      rules: ['http', 'tls', 'tcp'].flatMap(list => spec(list).map(rule => listAt(rule, 'route'))),
      name: item =>
        [textAt(item, 'destination', 'host'), textAt(item, 'destination', 'subset')].filter(Boolean).join(' '),
      usual: 0,
    }
  if (group === 'gateway.networking.k8s.io' && kind.endsWith('Route'))
    return { rules: spec('rules').map(rule => listAt(rule, 'backendRefs')), name: named, usual: 1 }
  if (group === 'split.smi-spec.io' && kind === 'TrafficSplit')
    return { rules: [spec('backends')], name: item => textAt(item, 'service') ?? '', usual: 0 }
  if (/^traefik\.(io|containo\.us)$/.test(group) && kind === 'TraefikService')
    return { rules: [spec('weighted', 'services')], name: named, usual: 1 }
  return null
}
