import type { EditOf } from '../edits/edit.ts'
import { isObject, type Json, listAt, type Manifest, numberAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { ownedRoutes } from './owned-routes.ts'

/** Where traffic is weighted in Git: the destinations of one rule of a route, or the steps of a controller. */
export type WeightPlace = {
  readonly resource: ResourceRef
  /** The list. */
  readonly at: readonly (string | number)[]
  readonly kind: 'destinations' | 'steps'
  /** Destinations by name, steps by their number; in the order they stand. */
  readonly names: readonly string[]
  readonly weights: readonly number[]
  readonly file: string
  readonly line: number
  /** The controller whose steps these are, where a route was asked for that it moves. */
  readonly instead: { readonly kind: string; readonly name: string } | null
}

type Lists = readonly { readonly at: readonly (string | number)[]; readonly targets: readonly Target[] }[]
type Target = { readonly name: string; readonly weight: number }

const sameNamespace = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === '' || b === '' || a === b

/**
 * Where the weights of an object stand in Git. Of a route that a controller moves at run time it is that controller's
 * steps: what is written into the route would be overwritten, or fight it.
 */
export function weightPlaces(
  manifests: readonly Manifest[],
  of: { readonly kind: string; readonly namespace?: string | undefined; readonly name: string },
): readonly WeightPlace[] {
  const manifest = manifests.find(
    each => each.kind === of.kind && each.name === of.name && sameNamespace(each.namespace, of.namespace),
  )
  if (manifest && isController(manifest)) return placesOf(manifest, null)
  const owner = manifests.find(
    each =>
      isController(each) &&
      sameNamespace(each.namespace, of.namespace) &&
      ownedRoutes(each.value).some(({ kind, name }) => kind === of.kind && name === of.name),
  )
  if (owner) return placesOf(owner, { kind: owner.kind, name: owner.name })
  return manifest ? placesOf(manifest, null) : []
}

const isController = ({ group, kind }: Manifest): boolean =>
  (group === 'argoproj.io' && kind === 'Rollout') || (group === 'flagger.app' && kind === 'Canary')

function placesOf(manifest: Manifest, instead: WeightPlace['instead']): readonly WeightPlace[] {
  return listsOf(manifest).flatMap(({ at, targets }) =>
    targets.length < (isController(manifest) ? 1 : 2)
      ? []
      : [
          {
            resource: manifest.ref,
            at,
            kind: isController(manifest) ? ('steps' as const) : ('destinations' as const),
            names: targets.map(({ name }) => name),
            weights: targets.map(({ weight }) => weight),
            file: manifest.fileOf?.([...at]) ?? manifest.file,
            line: manifest.lineOf([...at]),
            instead,
          },
        ],
  )
}

function listsOf({ group, kind, value }: Manifest): Lists {
  if (group === 'argoproj.io' && kind === 'Rollout') {
    const at = ['spec', 'strategy', 'canary', 'steps']
    return [
      {
        at,
        targets: listAt(value, ...at).flatMap((step, index) => {
          const weight = numberAt(step, 'setWeight')
          return weight === undefined ? [] : [{ name: String(index + 1), weight }]
        }),
      },
    ]
  }
  if (group === 'flagger.app' && kind === 'Canary') {
    const analysis = isObject(valueAt(value, ['spec', 'analysis'])) ? 'analysis' : 'canaryAnalysis'
    const listed = listAt(value, 'spec', analysis, 'stepWeights')
    if (listed.length > 0)
      return [
        {
          at: ['spec', analysis, 'stepWeights'],
          targets: listed.map((weight, index) => ({ name: String(index + 1), weight: Number(weight) })),
        },
      ]
    const named = ['stepWeight', 'maxWeight'].flatMap(name => {
      const weight = numberAt(value, 'spec', analysis, name)
      return weight === undefined ? [] : [{ name, weight }]
    })
    return [{ at: ['spec', analysis], targets: named }]
  }
  if (group === 'networking.istio.io' && kind === 'VirtualService')
    return ['http', 'tls', 'tcp'].flatMap(list =>
      rulesOf(value, ['spec', list], 'route', 0, item => {
        const host = textAt(item, 'destination', 'host')
        const subset = textAt(item, 'destination', 'subset')
        return subset === undefined ? host : `${host ?? ''} ${subset}`
      }),
    )
  if (/^(gateway\.networking\.k8s\.io|policy\.linkerd\.io)$/.test(group) && /Route$/.test(kind))
    return rulesOf(value, ['spec', 'rules'], 'backendRefs', 1, item => textAt(item, 'name'))
  if (group === 'split.smi-spec.io' && kind === 'TrafficSplit')
    return [targetsAt(value, ['spec', 'backends'], 0, item => textAt(item, 'service'))]
  if (/^traefik\.(io|containo\.us)$/.test(group) && kind === 'TraefikService')
    return [targetsAt(value, ['spec', 'weighted', 'services'], 1, item => textAt(item, 'name'))]
  return []
}

const rulesOf = (
  value: Json,
  list: readonly string[],
  targets: string,
  usual: number,
  nameOf: (item: Json) => string | undefined,
): Lists => listAt(value, ...list).map((_, index) => targetsAt(value, [...list, index, targets], usual, nameOf))

function targetsAt(
  value: Json,
  at: readonly (string | number)[],
  usual: number,
  nameOf: (item: Json) => string | undefined,
): Lists[number] {
  return {
    at,
    targets: listAt(value, ...at).map(item => ({
      name: nameOf(item) ?? '',
      weight: isObject(item) ? (numberAt(item, 'weight') ?? usual) : usual,
    })),
  }
}

/** Percent of each, adding up to 100 whatever scale they are written on. */
export function asPercent(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum <= 0) return weights.map((_, index) => (index === 0 ? 100 : 0))
  const shares = weights.map(weight => Math.floor((weight * 100) / sum))
  // What rounding left over goes to the largest.
  const left = 100 - shares.reduce((total, share) => total + share, 0)
  const largest = weights.indexOf(Math.max(...weights))
  return shares.map((share, index) => (index === largest ? share + left : share))
}

/** One destination gets this much, and the others keep their proportions within the rest. */
export function withWeight(weights: readonly number[], index: number, weight: number): readonly number[] {
  const others = asPercent(weights.map((each, at) => (at === index ? 0 : each)))
  const rest = 100 - weight
  const scaled = others.map((share, at) => (at === index ? 0 : Math.floor((share * rest) / 100)))
  const left = rest - scaled.reduce((total, share) => total + share, 0)
  const taker = weights.findIndex(
    (_, at) => at !== index && others[at] === Math.max(...others.filter((_, k) => k !== index)),
  )
  return scaled.map((share, at) => (at === index ? weight : at === taker ? share + left : share))
}

export const weightEdit = (
  { resource, at }: WeightPlace,
  weights: readonly number[],
  services: readonly string[],
): EditOf<'set-weight'> => ({
  kind: 'set-weight',
  resource,
  at: [...at],
  weights: [...weights],
  ...(services.length > 0 && { services: [...services] }),
})
