import { assessHealth } from '../health/assess-health.ts'
import { conditionsOf, groupOf, type Health, type LiveObject, nameOf } from '../health/health.ts'
import { isObject, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'

export type GitopsEngine = 'argo-cd' | 'flux'

/** How far what delivers from Git is: one Application, Kustomization or HelmRelease. */
export type GitopsState = {
  readonly engine: GitopsEngine
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** `unknown` while it has not looked, or cannot. */
  readonly sync: 'synced' | 'out-of-sync' | 'syncing' | 'failed' | 'unknown'
  readonly health: Health
  /** The commit that is applied; as the engine writes it where that is no commit. */
  readonly revision: string | null
  /** The commit it tried last, where that is another. */
  readonly attempted: string | null
  /** Branch, tag or version it follows. */
  readonly target: string | null
  /** Where it reads: the repository's address or the name of a source, and the path in it. */
  readonly source: string
  readonly path: string | null
  /** Why nothing changes now: it was told to stand still. The reason as Pilothouse left it; empty where it left none. */
  readonly suspended: { readonly reason: string; readonly by: string; readonly since: string } | null
  /** It applies what Git says by itself. */
  readonly automatic: boolean
  /** What is wrong, in the engine's words, each once. */
  readonly errors: readonly string[]
  /** When it applied last, ISO 8601. */
  readonly appliedAt: string | null
}

/** Keeps why an object stands still, and what has to be put back when it goes on. */
export const suspendedAnnotation = 'pilothouse.dev/suspended'

export const gitopsKinds = [
  { engine: 'argo-cd', group: 'argoproj.io', kind: 'Application' },
  { engine: 'flux', group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization' },
  { engine: 'flux', group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease' },
] as const

/** Null for what delivers nothing. */
export function gitopsState(object: LiveObject): GitopsState | null {
  const group = groupOf(object)
  const kind = textAt(object, 'kind') ?? ''
  const known = gitopsKinds.find(each => each.group === group && each.kind === kind)
  if (!known) return null
  const named = {
    engine: known.engine,
    group,
    kind,
    namespace: textAt(object, 'metadata', 'namespace') ?? '',
    name: nameOf(object),
    health: assessHealth(object),
  }
  return known.engine === 'argo-cd' ? { ...named, ...argoState(object) } : { ...named, ...fluxState(kind, object) }
}

type Rest = Omit<GitopsState, 'engine' | 'group' | 'kind' | 'namespace' | 'name' | 'health'>

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml */
function argoState(object: LiveObject): Rest {
  const source = objectAt(object, 'spec', 'source')
  const first = Object.keys(source).length > 0 ? source : objectAt(object, 'spec', 'sources', 0)
  const operation = objectAt(object, 'status', 'operationState')
  const phase = textAt(operation, 'phase')
  const status = textAt(object, 'status', 'sync', 'status')
  const conditions = conditionsOf(object)
    // What nobody tracks, or was told to leave out, is not wrong.
    .filter(({ type }) => /(Error|Warning)$/.test(type) && !/^(Orphaned|Excluded)Resource/.test(type))
    .map(({ message }) => message)
  const failed = phase === 'Failed' || phase === 'Error'
  const results = listAt(operation, 'syncResult', 'resources')
    .filter(
      item =>
        ['SyncFailed', 'PruneSkipped'].includes(textAt(item, 'status') ?? '') ||
        ['Failed', 'Error'].includes(textAt(item, 'hookPhase') ?? ''),
    )
    .map(item => `${textAt(item, 'kind') ?? ''} ${textAt(item, 'name') ?? ''}: ${textAt(item, 'message') ?? ''}`)
  const revision =
    textAt(object, 'status', 'sync', 'revision') ?? textAt(object, 'status', 'sync', 'revisions', 0) ?? null
  const applied = textAt(operation, 'syncResult', 'revision') ?? textAt(operation, 'syncResult', 'revisions', 0) ?? null
  const automated = valueAt(object, ['spec', 'syncPolicy', 'automated'])
  const automatic = isObject(automated) && valueAt(automated, ['enabled']) !== false
  return {
    sync:
      phase === 'Running' || phase === 'Terminating'
        ? 'syncing'
        : failed
          ? 'failed'
          : status === 'Synced'
            ? 'synced'
            : status === 'OutOfSync'
              ? 'out-of-sync'
              : 'unknown',
    revision: status === 'Synced' ? revision : (applied ?? revision),
    attempted: failed ? (textAt(operation, 'operation', 'sync', 'revision') ?? revision) : null,
    target: textAt(first, 'targetRevision') ?? null,
    source: textAt(first, 'repoURL') ?? '',
    path: textAt(first, 'path') ?? textAt(first, 'chart') ?? null,
    suspended: automatic ? null : reasonIn(object),
    automatic,
    errors: once([...(failed ? [textAt(operation, 'message') ?? ''] : []), ...results, ...conditions]),
    appliedAt: textAt(operation, 'finishedAt') ?? null,
  }
}

/** https://fluxcd.io/flux/components/kustomize/kustomizations/ and helm/helmreleases/ */
function fluxState(kind: string, object: LiveObject): Rest {
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready')
  const working = conditionsOf(object).find(({ type, status }) => type === 'Reconciling' && status === 'True')
  const suspended = valueAt(object, ['spec', 'suspend']) === true
  const release = listAt(object, 'status', 'history')[0]
  const applied =
    textAt(object, 'status', 'lastAppliedRevision') ??
    (kind === 'HelmRelease' ? textAt(release, 'chartVersion') : undefined) ??
    null
  const attempted = textAt(object, 'status', 'lastAttemptedRevision') ?? null
  const outdated =
    Number(textAt(object, 'metadata', 'generation') ?? '0') >
    Number(textAt(object, 'status', 'observedGeneration') ?? '0')
  const at = objectAt(object, 'spec', 'sourceRef')
  const chart = objectAt(object, 'spec', 'chart', 'spec')
  const ref = Object.keys(at).length > 0 ? at : objectAt(chart, 'sourceRef')
  return {
    sync:
      ready?.status === 'False'
        ? 'failed'
        : working || ready?.status === 'Unknown' || (outdated && !suspended && ready)
          ? 'syncing'
          : ready?.status === 'True'
            ? attempted !== null && applied !== null && commitIn(attempted) !== commitIn(applied)
              ? 'out-of-sync'
              : 'synced'
            : 'unknown',
    revision: applied && commitIn(applied),
    attempted: attempted !== null && applied !== attempted ? commitIn(attempted) : null,
    target: kind === 'HelmRelease' ? (textAt(chart, 'version') ?? null) : null,
    source: `${textAt(ref, 'kind') ?? ''} ${textAt(ref, 'name') ?? ''}`.trim(),
    path: textAt(object, 'spec', 'path') ?? textAt(chart, 'chart') ?? null,
    suspended: suspended ? (reasonIn(object) ?? { reason: '', by: '', since: '' }) : null,
    automatic: !suspended,
    errors: once(
      conditionsOf(object)
        .filter(
          ({ type, status }) => (type === 'Ready' && status === 'False') || (type === 'Stalled' && status === 'True'),
        )
        .map(({ message }) => message),
    ),
    appliedAt:
      textAt(
        ready && listAt(object, 'status', 'conditions').find(each => textAt(each, 'type') === 'Ready'),
        'lastTransitionTime',
      ) ?? null,
  }
}

/** `main@sha1:9f2c…` and `main/9f2c…` are the commit; a chart's version is itself. */
export const commitIn = (revision: string): string =>
  /(?:^|[:/@])([0-9a-f]{40}|[0-9a-f]{64})$/.exec(revision)?.[1] ?? revision

const once = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts.map(text => text.trim()))].filter(text => text !== '')

function reasonIn(object: LiveObject): GitopsState['suspended'] {
  const kept = keptSuspension(object)
  return kept && { reason: kept.reason, by: kept.by, since: kept.since }
}

export type Suspension = {
  readonly reason: string
  readonly by: string
  /** ISO 8601. */
  readonly since: string
  /** What Argo CD's `spec.syncPolicy.automated` was. */
  readonly automated?: unknown
}

export function keptSuspension(object: LiveObject): Suspension | null {
  const text = textAt(object, 'metadata', 'annotations', suspendedAnnotation)
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    const said = (key: string) =>
      typeof value === 'object' && value !== null && key in value
        ? String((value as { [key: string]: unknown })[key])
        : ''
    const automated =
      typeof value === 'object' && value !== null && 'automated' in value ? { automated: value.automated } : {}
    return { reason: said('reason'), by: said('by'), since: said('since'), ...automated }
  } catch {
    return { reason: text, by: '', since: '' }
  }
}
