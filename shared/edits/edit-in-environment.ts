import { originAt } from '../environments/kustomize/find-owner.ts'
import { mergeShapeOf } from '../environments/kustomize/merge-keys.ts'
import { lineOf } from '../environments/kustomize/origin.ts'
import { treeAt } from '../environments/kustomize/tree.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, sameValue, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { firstDifferentLine } from './change-overlay.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { environmentAttempts } from './environment-attempts.ts'
import { changesOnlyThis, type EnvironmentObject, findInEnvironment } from './environment-object.ts'
import { landingOf } from './landing.ts'
import { sameMerged } from './patch-for.ts'

/** One thing that differs; undefined for what is not there any more. */
export type Difference = { readonly path: YamlPath; readonly value: YamlValue | undefined }

/**
 * Edits a field of an object that an environment builds, in a place that belongs to this environment: the value that
 * made it what it is, an entry or a patch of its kustomization, its Application, its Flux Kustomization, its HelmRelease
 * or its values file. Each way is tried on the files and built again; the first one that changes this object as wanted,
 * and nothing else in any environment, is taken.
 */
export function editInEnvironment(
  files: Files,
  ref: ResourceRef,
  edited: (files: Files, ref: ResourceRef) => EditOutcome,
): EditOutcome {
  const environment = ref.environment ?? ''
  const { kind, name } = ref
  const found = findInEnvironment(files, ref)
  if (!found) return refuseInEnvironment(files, ref)
  const alone = 'object.yaml'
  const { environment: _, ordinal: __, ...where } = ref
  const outcome = edited(new Map([[alone, JSON.stringify(found.value, null, 2)]]), { ...where, file: alone })
  const text = outcome.kind === 'applied' ? outcome.files.get(alone) : undefined
  const wanted = text && parseYaml(text)[0]?.yaml.value
  if (outcome.kind !== 'applied' || !isYamlMap(wanted))
    return outcome.kind === 'refused' ? { ...outcome, file: ref.file } : outcome
  const shape = mergeShapeOf(String(found.value['apiVersion']), kind)
  const differences = differencesOf(found.value, wanted)
  const isWanted = (now: YamlValue): boolean => sameMerged(wanted, now, shape)
  for (const attempt of environmentAttempts({ files, found, wanted, differences, shape })) {
    const changed = attemptOn(files, attempt)
    if (!changed || !changesOnlyThis(files, changed, found, environment, isWanted)) continue
    const [first] = changed
    const file = first?.[0] ?? ref.file
    const line = firstDifferentLine(files.get(file) ?? '', first?.[1] ?? '')
    const changes = outcome.changes.map(change => ({ ...change, file, line }))
    const landing = landingOf(files, changed, ref, found.object.tree)
    return { kind: 'applied', files: changed, changes, ...(landing && { landing }) }
  }
  return refusal(found, ref, outcome.changes[0]?.field ?? `${kind}/${name}`, differences[0]?.path ?? [])
}

/** Says where the object is from, for an edit that its environment alone has no place for. */
export function refuseInEnvironment(files: Files, ref: ResourceRef): EditOutcome {
  const { kind, name, environment = '' } = ref
  const found = findInEnvironment(files, ref)
  if (found) return refusal(found, ref, `${kind}/${name}`, [])
  const reason = { key: 'gitops.noSuchObject' as const, params: { environment, kind, name } }
  return { kind: 'refused', reason, file: ref.file }
}

function attemptOn(
  files: Files,
  attempt: () => ReadonlyMap<string, string> | null,
): ReadonlyMap<string, string> | null {
  try {
    const changed = attempt()
    return changed && [...changed].some(([file, text]) => files.get(file) !== text) ? changed : null
  } catch (error) {
    // This way is not open; another one may be.
    if (error instanceof CannotEdit) return null
    throw error
  }
}

function refusal({ object }: EnvironmentObject, ref: ResourceRef, field: string, path: YamlPath): EditOutcome {
  const scalar = treeAt(object.tree, path)
  const origin = scalar?.type === 'scalar' && scalar.parts ? scalar.parts.at(-1)!.origin : originAt(object.tree, path)
  const { file } = origin.source
  const line = lineOf(origin)
  const params = { field, origin: file, line, environment: ref.environment ?? '' }
  return { kind: 'refused', reason: { key: 'gitops.notOnlyThis', params }, file, line }
}

/** What differs, as deep as it can be told; a list that is longer or shorter differs as a whole. */
function differencesOf(before: YamlValue | undefined, after: YamlValue | undefined, path: YamlPath = []): Difference[] {
  if (before !== undefined && after !== undefined && sameValue(before, after)) return []
  if (isYamlMap(before) && isYamlMap(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(key =>
      differencesOf(before[key], after[key], [...path, key]),
    )
  if (isYamlList(before) && isYamlList(after) && before.length === after.length)
    return before.flatMap((item, index) => differencesOf(item, after[index], [...path, index]))
  return before === undefined && after === undefined ? [] : [{ path, value: after }]
}
