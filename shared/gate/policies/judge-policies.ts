import { fileAt, type Json, type JsonObject, type Manifest, type Path } from '../../manifests/manifest.ts'
import { podTemplatePath } from '../../manifests/pod-template.ts'
import type { MessageParams } from '../../messages/index.ts'
import type { JsonMap } from '../../rules/cel/value.ts'
import { withoutSame } from '../../topology/without-same.ts'
import type { YamlMap } from '../../yaml/yaml-value.ts'
import type { GateItem } from '../gate.ts'
import { baseline } from './baseline.ts'
import type { Policy } from './policy.ts'
import { removedApi } from './removed-apis.ts'

/** A policy that does not hold: of one container, Pod or object. */
type Violation = { readonly key: string; readonly item: GateItem }

/**
 * The baseline, judged on every object. Only what a change brings about counts: a violation that was there before, of
 * the same object and container, is not told again.
 */
export function judgePolicies(before: readonly Manifest[], after: readonly Manifest[]): readonly GateItem[] {
  // What is the same object in memory is the same text: it cannot have become worse by itself.
  const [gone, come] = [withoutSame(before, after), withoutSame(after, before)]
  const surroundings = ![...gone, ...come].some(({ kind }) => deciding.has(kind))
  const fresh = surroundings ? come : after
  if (fresh.length === 0) return []
  const known = new Set(
    violations(before, surroundings ? before.filter(m => fresh.some(f => isSame(f, m))) : before).map(({ key }) => key),
  )
  return violations(after, fresh)
    .filter(({ key }) => !known.has(key))
    .map(({ item }) => item)
}
const isSame = (a: Manifest, b: Manifest): boolean =>
  a.kind === b.kind && a.name === b.name && a.namespace === b.namespace

/** Objects that decide about others: where these are the same, an unchanged object is judged as before. */
const deciding = new Set(['NetworkPolicy', 'PodDisruptionBudget', 'PeerAuthentication', 'CiliumNetworkPolicy'])

type Surroundings = {
  readonly budgets: readonly Selector[]
  readonly isolations: readonly Selector[]
  readonly strict: boolean
}
type Selector = { readonly namespace: string; readonly labels: JsonObject }

function violations(all: readonly Manifest[], judged: readonly Manifest[]): Violation[] {
  const around = surroundingsOf(all)
  return judged.flatMap(manifest => violationsOf(manifest, around))
}

function violationsOf(manifest: Manifest, around: Surroundings): Violation[] {
  const { value, kind } = manifest
  const templatePath = podTemplatePath(value as YamlMap) as Path | undefined
  const template = templatePath && (at(value, templatePath) as JsonObject)
  const pod = (template?.['spec'] ?? {}) as JsonObject
  const labels = ((template?.['metadata'] as JsonObject | undefined)?.['labels'] ?? {}) as JsonObject
  const namespace = manifest.namespace ?? ''
  const selects = (selector: Selector): boolean =>
    selector.namespace === namespace && Object.entries(selector.labels).every(([key, label]) => labels[key] === label)
  const removed = removedApi(manifest.apiVersion, kind)
  const replicas = at(value, ['spec', 'replicas'])
  const known: { [key: string]: Json } = {
    init: false,
    serves: ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout', 'ReplicaSet'].includes(kind),
    workload: template !== undefined,
    replicated:
      template !== undefined &&
      ['Deployment', 'StatefulSet', 'Rollout'].includes(kind) &&
      typeof replicas === 'number' &&
      replicas > 1,
    budgeted: around.budgets.some(selects),
    isolated: around.isolations.some(selects),
    strictMesh: around.strict,
    ...(removed && { removedIn: removed.version }),
  }
  const found: Violation[] = []
  const ask = (policy: Policy, facts: JsonMap, path: Path, container: string): void => {
    const holds = policy.holds.evaluate(facts)
    if (holds === true) return
    const field = [...path, ...policy.at]
    const params: MessageParams = {
      object: `${kind} ${manifest.name}`,
      container,
      version: removed?.version ?? '',
      instead: removed?.instead ?? '',
      api: manifest.apiVersion,
    }
    found.push({
      key: `${policy.id} ${kind} ${namespace}/${manifest.name} ${container}`,
      item: {
        rule: policy.id,
        verdict: policy.severity === 'info' ? 'pass' : policy.severity,
        message: { key: policy.message, params },
        services: template ? [manifest.name] : [],
        waivable: true,
        evidence: [
          {
            file: fileAt(manifest, field),
            line: manifest.lineOf(field),
            detail: container === '' ? `${kind} ${manifest.name}` : `${kind} ${manifest.name}: ${container}`,
          },
        ],
        ...(policy.severity === 'info' && { info: true as const }),
        ...(policy.fix !== undefined &&
          path.length > 0 &&
          manifest.fileOf === undefined && {
            fix: [
              {
                kind: 'set-field' as const,
                resource: manifest.ref,
                at: field.map(step => step),
                value: policy.fix,
                services: [manifest.name],
              },
            ],
          }),
      },
    })
  }
  const facts: JsonMap = { object: value as JsonMap, pod: pod as JsonMap, known: known as JsonMap }
  for (const policy of baseline) {
    if (policy.scope === 'object') ask(policy, facts, [], '')
    else if (template && policy.scope === 'pod') ask(policy, facts, [...(templatePath as Path), 'spec'], '')
    else if (template)
      for (const list of ['containers', 'initContainers'] as const) {
        const containers = pod[list]
        if (!Array.isArray(containers)) continue
        containers.forEach((container: Json, index) => {
          const own = {
            ...facts,
            container: container as JsonMap,
            known: { ...known, init: list === 'initContainers' } as JsonMap,
          }
          const { name } = container as { readonly name?: string }
          ask(policy, own, [...(templatePath as Path), 'spec', list, index], name ?? String(index))
        })
      }
  }
  return found
}

function surroundingsOf(all: readonly Manifest[]): Surroundings {
  const budgets: Selector[] = []
  const isolations: Selector[] = []
  let strict = false
  for (const { kind, namespace = '', value } of all) {
    if (kind === 'PodDisruptionBudget')
      budgets.push({ namespace, labels: (at(value, ['spec', 'selector', 'matchLabels']) ?? {}) as JsonObject })
    if (kind === 'NetworkPolicy')
      isolations.push({ namespace, labels: (at(value, ['spec', 'podSelector', 'matchLabels']) ?? {}) as JsonObject })
    if (
      kind === 'PeerAuthentication' &&
      at(value, ['spec', 'mtls', 'mode']) === 'STRICT' &&
      at(value, ['spec', 'selector']) === undefined
    )
      strict = true
  }
  return { budgets, isolations, strict }
}

function at(value: Json, path: Path): Json | undefined {
  let found: Json | undefined = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as { readonly [key: string]: Json })[step]
  }
  return found
}
