import { lineOfField, resourcesIn } from '../manifests/locate-resource.ts'
import { podTemplatePath } from '../manifests/pod-template.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeYaml, offsetAt } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { lineNumber } from '../yaml/text-lines.ts'
import { isYamlList, isYamlMap, valueAt, type YamlPath } from '../yaml/yaml-value.ts'
import { fieldName, refusable } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'
import { isTarget, kustomizationIn } from './kustomization-file.ts'
import { layoutPath, readLayout, withPosition } from './layout-file.ts'
import { type ServiceParts, sameNamespace, serviceParts } from './service-parts.ts'
import { findReferences, ownLabelKeys } from './service-references.ts'

const dnsLabel = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/

/** One scalar that gets another text. */
type Renaming = {
  readonly file: string
  readonly document: number
  readonly path: YamlPath
  readonly value: string
  readonly change: FieldChange
}

/**
 * Gives a workload and the Service of the same name another name, and follows every certain reference in their
 * scope: labels and selectors together, autoscalers, routes, patches, and hosts in variables, arguments and
 * ConfigMaps. What may be something else of the same name is left as it is; `referencesTo` lists it.
 */
export const renameService = (files: Files, edit: EditOf<'rename-service'>): EditOutcome =>
  refusable(files, edit.resource.file, () => {
    const { resource, to } = edit
    if (resource.name === to) return { kind: 'unchanged' }
    if (!dnsLabel.test(to)) throw new CannotEdit('edit.badName', { name: to })
    const parts = serviceParts(files, resource)
    refuseTaken(parts, to)
    const renamings = [...objectNames(files, parts, to), ...referenceNames(files, parts, to)]
    const changed = new Map<string, string>()
    for (const [file, inFile] of Map.groupBy(renamings, renaming => renaming.file)) {
      let text = files.get(file)!
      for (const [document, scalars] of Map.groupBy(inFile, renaming => renaming.document))
        text = changeYaml(text, document, [{ op: 'set-all', scalars: lastOfEach(scalars) }])
      changed.set(file, text)
    }
    const changes = renamings.map(renaming => renaming.change)
    for (const file of parts.scope.kustomizations) {
      const text = renameTargets(file, files.get(file)!, parts, to, changes)
      if (text !== files.get(file)) changed.set(file, text)
    }
    for (const environment of parts.scope.environments) movePosition(files, environment, parts, to, changed)
    return { kind: 'applied', files: changed, changes }
  })

/** A text with several names in it is found once for each: the last one holds them all. */
const lastOfEach = (scalars: readonly Renaming[]) => [
  ...new Map(scalars.map(({ path, value }) => [JSON.stringify(path), { path, value }])).values(),
]

function refuseTaken({ objects, target, services }: ServiceParts, to: string): void {
  const kinds = new Set([target.ref.kind, ...services.map(() => 'Service')])
  const taken = objects.find(({ ref }) => ref.name === to && kinds.has(ref.kind) && sameNamespace(ref, target.ref))
  if (taken) throw new CannotEdit('edit.nameTaken', { resource: `${taken.ref.kind}/${to}`, file: taken.ref.file })
}

/** `metadata.name` of the workload, of its Service when that has the same name, and of the patches of both. */
function objectNames(files: Files, { objects, target, services, scope }: ServiceParts, to: string): Renaming[] {
  const { name } = target.ref
  const named = [target, ...services.filter(service => service !== target && service.ref.name === name)]
  return objects.flatMap(object => {
    const isNamed = named.includes(object)
    const isPatch =
      scope.patches.has(object.ref.file) &&
      named.some(
        ({ ref }) => ref.kind === object.ref.kind && ref.name === object.ref.name && sameNamespace(ref, object.ref),
      )
    if (!isNamed && !isPatch) return []
    const path = ['metadata', 'name']
    return [
      {
        file: object.ref.file,
        document: object.document,
        path: [...object.path, ...path],
        value: to,
        change: {
          file: object.ref.file,
          line: lineOfField(files.get(object.ref.file)!, object, path),
          field: `${object.ref.kind}/${name} metadata.name`,
          before: name,
          after: to,
        },
      },
    ]
  })
}

const referenceNames = (files: Files, parts: ServiceParts, to: string): Renaming[] =>
  findReferences(files, parts)
    .filter(reference => reference.certain)
    .map(reference => ({
      file: reference.file,
      document: reference.object.document,
      path: [...reference.object.path, ...reference.path],
      value: reference.renamed(to),
      change: {
        file: reference.file,
        line: reference.line,
        field: reference.field,
        ...excerpts(reference.text, reference.renamed(to)),
      },
    }))

/** Of a long text only the lines that change are told. */
function excerpts(before: string, after: string): { before: string; after: string } {
  if (!before.includes('\n')) return { before, after }
  const [old, next] = [before.split('\n'), after.split('\n')]
  const differ = old.flatMap((line, index) => (line === next[index] ? [] : [index]))
  const told = (lines: readonly string[]) => differ.map(index => lines[index]!.trim()).join('\n')
  return { before: told(old), after: told(next) }
}

/** Targets of patches, inline patches and replica counts of a kustomization. */
function renameTargets(file: string, text: string, parts: ServiceParts, to: string, changes: FieldChange[]): string {
  const value = kustomizationIn(text)
  if (!value) return text
  const { target, services } = parts
  const { name } = target.ref
  const targets = [target, ...services.filter(service => service.ref.name === name)].map(({ ref }) => ref)
  const scalars: { path: YamlPath; value: string }[] = []
  for (const list of ['patches', 'patchesJson6902']) {
    const items = value[list]
    if (!isYamlList(items)) continue
    for (const [index, item] of items.entries()) {
      if (!isYamlMap(item)) continue
      if (targets.some(one => isTarget(item['target'], one)))
        scalars.push({ path: [list, index, 'target', 'name'], value: to })
      const patch = item['patch']
      if (typeof patch !== 'string') continue
      const renamed = renameInPatch(patch, targets, parts, to)
      if (renamed !== patch) scalars.push({ path: [list, index, 'patch'], value: renamed })
    }
  }
  const replicas = value['replicas']
  if (isYamlList(replicas) && target.ref.kind !== 'Service')
    for (const [index, item] of replicas.entries())
      if (valueAt(item, ['name']) === name) scalars.push({ path: ['replicas', index, 'name'], value: to })
  if (scalars.length === 0) return text
  const document = parseYaml(text)[0]!
  for (const { path, value: after } of scalars)
    changes.push({
      file,
      line: lineNumber(text, document.start + (offsetAt(document.yaml, path) ?? 0)),
      field: `Kustomization ${fieldName(value, path)}`,
      ...excerpts(String(valueAt(value, path)), after),
    })
  return changeYaml(text, 0, [{ op: 'set-all', scalars }])
}

/** An inline patch is YAML inside of YAML: the name and the Pod labels of what it patches change with it. */
function renameInPatch(
  patch: string,
  targets: readonly { readonly kind: string; readonly name: string }[],
  parts: ServiceParts,
  to: string,
): string {
  const keys = ownLabelKeys(parts)
  let text = patch
  for (const { ref, value, document, path } of resourcesIn('patch.yaml', patch)) {
    if (!targets.some(target => target.kind === ref.kind && target.name === ref.name)) continue
    const template = podTemplatePath(value) ?? ['spec', 'template']
    const labels = [
      ['metadata', 'labels'],
      ['spec', 'selector', 'matchLabels'],
      ['spec', 'selector'],
      [...template, 'metadata', 'labels'],
    ]
    const scalars = [
      { path: [...path, 'metadata', 'name'], value: to },
      ...labels.flatMap(at =>
        [...keys].flatMap(key =>
          valueAt(value, [...at, key]) === ref.name ? [{ path: [...path, ...at, key], value: to }] : [],
        ),
      ),
    ]
    text = changeYaml(text, document, [{ op: 'set-all', scalars }])
  }
  return text
}

/** A node that was dragged keeps its place under its new name. */
function movePosition(
  files: Files,
  environment: string,
  { target }: ServiceParts,
  to: string,
  changed: Map<string, string>,
): void {
  const file = layoutPath(environment)
  const text = files.get(file)
  if (text === undefined) return
  const { name, namespace } = target.ref
  const layout = readLayout(text)
  for (const id of namespace === undefined ? [name] : [name, `${namespace}/${name}`]) {
    const position = layout[id]
    if (!position) continue
    const next = id.slice(0, id.length - name.length) + to
    changed.set(file, withPosition(withPosition(changed.get(file) ?? text, next, position) ?? '', id, null) ?? '')
  }
}
