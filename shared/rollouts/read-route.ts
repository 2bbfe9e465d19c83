import { parseDocument } from 'yaml'
import { countAt, type LiveObject } from '../health/health.ts'
import { isObject, type Json, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { RolloutEngine, RolloutStatus } from './rollout-status.ts'

/** One destination of a rule. `weight` is as written; null where nothing is. */
type Target = { readonly name: string; readonly weight: number | null }
/** `matched` where only some requests come here: those with a header, a cookie, a parameter. */
type Rule = { readonly targets: readonly Target[]; readonly matched: boolean }

/** What a destination gets that says no weight beside one that does. */
const unsaid: { readonly [engine in RolloutEngine]?: number } = {
  // The Gateway API's default; Traefik's, APISIX' and App Mesh's as well.
  'gateway-api': 1,
  linkerd: 1,
  traefik: 1,
  apisix: 100,
  openshift: 100,
}

/**
 * How a route shares out its traffic between two revisions, whoever moves it; null for one that does not. Rules that
 * take all requests count before those that take some by header or cookie.
 */
export function readRoute(group: string, kind: string, object: LiveObject): RolloutStatus | null {
  const engine = engineOf(group, kind)
  if (engine === null) return null
  if (engine === 'nginx') return nginxCanary(object)
  const rules = rulesOf(engine, object).filter(({ targets }) => targets.length > 0)
  const shared = rules.filter(({ targets }) => targets.length > 1)
  for (const rule of [...shared.filter(({ matched }) => !matched), ...shared.filter(({ matched }) => matched)]) {
    const found = split(engine, rule.targets)
    if (found) return found
  }
  return null
}

function engineOf(group: string, kind: string): RolloutEngine | 'nginx' | null {
  const at = (wanted: RegExp, engine: RolloutEngine) => (wanted.test(kind) ? engine : null)
  if (group === 'networking.istio.io') return at(/^VirtualService$/, 'istio')
  if (group === 'gateway.networking.k8s.io') return at(/^(HTTP|GRPC|TLS|TCP|UDP)Route$/, 'gateway-api')
  if (group === 'policy.linkerd.io') return at(/^(HTTP|GRPC)Route$/, 'linkerd')
  if (group === 'split.smi-spec.io') return at(/^TrafficSplit$/, 'smi')
  if (/^traefik\.(io|containo\.us)$/.test(group)) return at(/^(TraefikService|IngressRoute(TCP|UDP)?)$/, 'traefik')
  if (group === 'projectcontour.io') return at(/^HTTPProxy$/, 'contour')
  if (group === 'route.openshift.io') return at(/^Route$/, 'openshift')
  if (group === 'apisix.apache.org') return at(/^ApisixRoute$/, 'apisix')
  if (group === 'appmesh.k8s.aws') return at(/^VirtualRouter$/, 'app-mesh')
  if (group === 'serving.knative.dev') return at(/^(Service|Route)$/, 'knative')
  return /^(networking\.k8s\.io|extensions)$/.test(group) ? at(/^Ingress$/, 'nginx') : null
}

const named = (item: Json): string | undefined => textAt(item, 'name')

function rulesOf(engine: RolloutEngine, object: LiveObject): readonly Rule[] {
  const spec = objectAt(object, 'spec')
  const each = (list: string, targets: string, name: (item: Json) => string | undefined, choosing = 'match') =>
    listAt(spec, list).map(rule => ({
      targets: targetsOf(listAt(rule, targets), name),
      matched: listAt(rule, choosing).some(choosesRequests),
    }))
  switch (engine) {
    case 'istio':
      return ['http', 'tls', 'tcp'].flatMap(list => each(list, 'route', destination))
    case 'gateway-api':
    case 'linkerd':
      return each('rules', 'backendRefs', named, 'matches')
    case 'smi':
      return [{ targets: targetsOf(listAt(spec, 'backends'), item => textAt(item, 'service')), matched: false }]
    case 'traefik':
      return [
        { targets: targetsOf(listAt(spec, 'weighted', 'services'), named), matched: false },
        ...listAt(spec, 'routes').map(route => ({
          targets: targetsOf(listAt(route, 'services'), named),
          matched: /\b(Headers?(Regexp)?|Query\w*|ClientIP)\(/.test(textAt(route, 'match') ?? ''),
        })),
      ]
    case 'contour':
      return [
        ...listAt(spec, 'routes').map(route => ({
          // A mirror gets copies, and its answers go nowhere.
          targets: targetsOf(
            listAt(route, 'services').filter(item => valueAt(item, ['mirror']) !== true),
            named,
          ),
          matched: listAt(route, 'conditions').some(
            item => isObject(item) && ('header' in item || 'queryParameter' in item),
          ),
        })),
        { targets: targetsOf(listAt(spec, 'tcpproxy', 'services'), named), matched: false },
      ]
    case 'openshift':
      return [
        {
          targets: targetsOf([objectAt(spec, 'to'), ...listAt(spec, 'alternateBackends')], named),
          matched: false,
        },
      ]
    case 'apisix':
      return each('http', 'backends', item => textAt(item, 'serviceName'), 'nothing')
    case 'app-mesh':
      return listAt(spec, 'routes').flatMap(route =>
        ['httpRoute', 'http2Route', 'grpcRoute', 'tcpRoute'].map(type => ({
          targets: targetsOf(
            listAt(route, type, 'action', 'weightedTargets'),
            item => textAt(item, 'virtualNodeRef', 'name') ?? textAt(item, 'virtualNodeName'),
          ),
          matched: listAt(route, type, 'match', 'headers').length > 0,
        })),
      )
    case 'knative':
      return [{ targets: knativeTargets(object), matched: false }]
    default:
      return []
  }
}

/** Where it is matched by more than host and path, only some requests come. */
const choosesRequests = (match: Json): boolean =>
  isObject(match) &&
  ['headers', 'queryParams', 'withoutHeaders', 'sourceLabels', 'method', 'cookies'].some(field => field in match)

function targetsOf(items: readonly Json[], nameOf: (item: Json) => string | undefined): readonly Target[] {
  return items.flatMap(item => {
    const name = nameOf(item)
    return name === undefined ? [] : [{ name, weight: weightOf(textAt(item, 'weight')) }]
  })
}

/** A weight as written: whole, or a quantity (`900m`) as SMI had them at first; what is less than nothing is nothing. */
function weightOf(text: string | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(text?.trim() ?? '')
  if (!match) return null
  return Number(match[1]) / (match[2] === 'm' ? 1000 : 1)
}

function destination(item: Json): string | undefined {
  const host = textAt(item, 'destination', 'host')
  const subset = textAt(item, 'destination', 'subset')
  return subset === undefined ? host : `${host ?? ''} ${subset}`
}

/** Knative shares out percents between revisions; the latest may be meant without its name. */
function knativeTargets(object: LiveObject): readonly Target[] {
  const told = listAt(object, 'status', 'traffic')
  const shares = new Map<string, number>()
  for (const item of told.length > 0 ? told : listAt(object, 'spec', 'traffic')) {
    const name = textAt(item, 'revisionName') ?? (valueAt(item, ['latestRevision']) === true ? 'latest' : undefined)
    if (name !== undefined) shares.set(name, (shares.get(name) ?? 0) + countAt(item, ['percent'], 0))
  }
  return [...shares].map(([name, weight]) => ({ name, weight }))
}

/** What splits name the new side; where none does, it is the one that gets less. */
const fresh = /(^|[-_ .])(canary|preview|candidate|next|green|new|latest)([-_ .]|$)/i

type Counted = { readonly name: string; readonly weight: number }

/** Of `shop-v1` and `shop-v2` the one that counts higher; null where they differ in more than a number. */
function newer(a: Counted, b: Counted): Counted | null {
  const last = /(\d+)(?=\D*$)/
  const [of, to] = [last.exec(a.name), last.exec(b.name)]
  if (!of || !to || a.name.replace(last, '') !== b.name.replace(last, '') || of[1] === to[1]) return null
  return Number(to[1]) > Number(of[1]) ? b : a
}

function split(engine: RolloutEngine, all: readonly Target[]): RolloutStatus | null {
  const silent = all.every(({ weight }) => weight === null)
  const targets = all.map(({ name, weight }) => ({ name, weight: weight ?? (silent ? 1 : (unsaid[engine] ?? 0)) }))
  const sum = targets.reduce((total, { weight }) => total + weight, 0)
  if (sum <= 0) return null
  const candidates = targets.filter(({ name }) => fresh.test(name))
  // Of three or more only one that is named so can be the new one.
  if (targets.length > 2 && candidates.length !== 1) return null
  const [first, second] = targets as [Counted, Counted]
  const canary =
    candidates.length === 1
      ? candidates[0]!
      : (newer(first, second) ?? (second.weight <= first.weight ? second : first))
  const stable = targets
    .filter(target => target !== canary)
    .reduce((most, each) => (each.weight > most.weight ? each : most))
  return statusOf(engine, stable.name, canary.name, Math.round((canary.weight * 100) / sum))
}

const statusOf = (engine: RolloutEngine, stable: string | null, canary: string, weight: number): RolloutStatus => ({
  engine,
  strategy: 'Weights',
  phase: weight === 0 ? 'Stable' : weight === 100 ? 'Promoted' : 'Progressing',
  step: null,
  steps: null,
  weight,
  desiredWeight: weight,
  stable,
  canary,
})

/**
 * Ingresses: the canary of ingress-nginx is one of its own beside the stable one, and gets a share of `canary-weight`
 * or chosen requests; the AWS load balancer's actions are JSON with target groups in an annotation.
 */
function nginxCanary(object: LiveObject): RolloutStatus | null {
  const notes = objectAt(object, 'metadata', 'annotations')
  const note = (name: string) => textAt(notes, `nginx.ingress.kubernetes.io/${name}`)
  if (note('canary') === 'true') {
    const total = weightOf(note('canary-weight-total')) || 100
    const weight = Math.min(100, Math.round(((weightOf(note('canary-weight')) ?? 0) * 100) / total))
    const chosen = note('canary-by-header') !== undefined || note('canary-by-cookie') !== undefined
    const status = statusOf('nginx', null, serviceOf(object) ?? textAt(object, 'metadata', 'name') ?? '', weight)
    return chosen && weight === 0 ? { ...status, strategy: 'ABTest', phase: 'Progressing' } : status
  }
  for (const [key, text] of Object.entries(notes)) {
    if (!key.startsWith('alb.ingress.kubernetes.io/actions.') || typeof text !== 'string') continue
    const action = readJson(text)
    const groups = [
      ...listAt(action, 'forwardConfig', 'targetGroups'),
      ...listAt(action, 'ForwardConfig', 'TargetGroups'),
    ]
    const targets = groups.flatMap((item): Target[] => {
      const name = ['serviceName', 'ServiceName', 'targetGroupARN', 'TargetGroupArn', 'targetGroupName']
        .map(field => textAt(item, field))
        .find(each => each !== undefined)
      return name === undefined ? [] : [{ name, weight: weightOf(textAt(item, 'weight') ?? textAt(item, 'Weight')) }]
    })
    const found = targets.length > 1 ? split('alb', targets) : null
    if (found) return found
  }
  return null
}

function serviceOf(object: LiveObject): string | undefined {
  const paths = listAt(object, 'spec', 'rules').flatMap(rule => listAt(rule, 'http', 'paths'))
  const backends = [...paths.map(path => objectAt(path, 'backend')), objectAt(object, 'spec', 'defaultBackend')]
  return backends
    .map(item => textAt(item, 'service', 'name') ?? textAt(item, 'serviceName'))
    .find(name => name !== undefined)
}

/** JSON in an annotation; null where it is none. */
function readJson(text: string): Json {
  const document = parseDocument(text, { logLevel: 'silent' })
  return document.errors.length > 0 ? null : (document.toJS() as Json)
}
