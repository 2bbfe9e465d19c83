import { stringify } from 'yaml'
import { typeOf } from '../environments/kustomize/object-type.ts'
import { nameIn, namespaceIn } from '../environments/kustomize/resource.ts'
import { entriesIn, type Mapping, type Tree, textIn, toJson, treeAt } from '../environments/kustomize/tree.ts'
import type { BuiltObject, Site } from '../environments/part.ts'
import { podTemplatePath } from '../manifests/pod-template.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { isYamlMap, sameValue, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import { findBuilt, refuseBuilt, render } from './built-object.ts'
import { addToList, firstDifferentLine } from './change-overlay.ts'
import { refuseInEnvironment } from './edit-in-environment.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { buildsTheRest, findInEnvironment } from './environment-object.ts'
import { landingOf } from './landing.ts'

/**
 * Takes a service out of one environment whose base others share: patches that delete its workload, the Services in
 * front of it alone and its autoscalers, in the environment's kustomization. Nothing else may change by that.
 */
export function removeBuilt(files: Files, ref: ResourceRef): EditOutcome {
  const refused = (): EditOutcome =>
    ref.environment === undefined ? refuseBuilt(files, ref, 'remove-service') : refuseInEnvironment(files, ref)
  const objects = objectsBeside(files, ref)
  const target = objects?.find(({ tree }) => isNamed(tree, ref))
  if (!objects || !target) return refused()
  const removed = [target, ...goesWith(target, objects)]
  const kustomization = target.sites.find(site => site.kind === 'kustomization')
  if (kustomization?.kind !== 'kustomization') return refused()
  const { file } = kustomization.rendering
  const before = files.get(file) ?? ''
  let now = files
  for (const { tree, names } of removed) {
    const text = stringify({
      $patch: 'delete',
      apiVersion: textIn(tree, 'apiVersion') ?? '',
      kind: typeOf(tree).kind,
      metadata: { name: names[0] ?? nameIn(tree) },
    })
    now = new Map([...now, [file, addToList(now, kustomization.rendering, 'patches', { patch: text }).text]])
  }
  const after = now.get(file)!
  if (!isRest(files, now, ref, objects, removed)) return refused()
  const line = firstDifferentLine(before, after)
  const written = new Map([[file, after]])
  const landing = landingOf(files, written, ref, target.tree)
  return {
    kind: 'applied',
    files: written,
    changes: removed.map(({ tree }) => {
      const field = `${typeOf(tree).kind}/${nameIn(tree)}`
      return { file, line, field, before: field }
    }),
    ...(landing && { landing }),
  }
}

function objectsBeside(files: Files, ref: ResourceRef): readonly BuiltObject[] | undefined {
  if (ref.environment !== undefined) return findInEnvironment(files, ref)?.part.objects
  const rendering = findBuilt(files, ref)?.rendering
  const site: Site | undefined = rendering && { kind: 'kustomization', rendering }
  return rendering?.objects.map((tree, at) => ({ tree, names: rendering.names[at] ?? [], sites: site ? [site] : [] }))
}

function isRest(
  files: Files,
  now: Files,
  ref: ResourceRef,
  objects: readonly BuiltObject[],
  removed: readonly BuiltObject[],
): boolean {
  const wanted = objects.filter(object => !removed.includes(object)).map(({ tree }) => toJson(tree) as YamlValue)
  if (ref.environment !== undefined) return buildsTheRest(files, now, ref.environment, wanted)
  const left = render(now, ref.file).objects.map(tree => toJson(tree) as YamlValue)
  return left.length === wanted.length && wanted.every((value, at) => sameValue(value, left[at]!))
}

const isNamed = (tree: Mapping, ref: ResourceRef): boolean =>
  typeOf(tree).kind === ref.kind && nameIn(tree) === ref.name && namespaceIn(tree) === (ref.namespace ?? '')

/** Services that select this workload's Pods and no other's, and what scales it. */
function goesWith(target: BuiltObject, objects: readonly BuiltObject[]): readonly BuiltObject[] {
  const { tree } = target
  const labels = podLabels(tree)
  const others = objects.filter(object => object !== target).map(object => podLabels(object.tree))
  return objects.filter(object => {
    if (object === target || namespaceIn(object.tree) !== namespaceIn(tree)) return false
    const { kind, group } = typeOf(object.tree)
    if (kind === 'HorizontalPodAutoscaler') {
      const scaled = treeAt(object.tree, ['spec', 'scaleTargetRef'])
      return textIn(scaled, 'kind') === typeOf(tree).kind && textIn(scaled, 'name') === nameIn(tree)
    }
    if (kind !== 'Service' || group !== '') return false
    const selector = [...entriesIn(object.tree, 'spec', 'selector')]
    const selects = (pods: ReadonlyMap<string, Tree>): boolean =>
      selector.length > 0 && selector.every(([key, value]) => textIn(pods.get(key)) === textIn(value))
    return selects(labels) && !others.some(selects)
  })
}

function podLabels(tree: Mapping): ReadonlyMap<string, Tree> {
  const value = toJson(tree) as YamlValue
  const template = isYamlMap(value) ? podTemplatePath(value as YamlMap) : undefined
  return template ? entriesIn(tree, ...template, 'metadata', 'labels') : new Map()
}
