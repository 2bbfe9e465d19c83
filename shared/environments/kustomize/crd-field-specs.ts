import { emptyFieldSpecs, type FieldSpec, type FieldSpecs, type NameReference } from './field-specs.ts'
import { entriesIn, type Tree, textIn, treeAt } from './tree.ts'

/**
 * What a file of `crds` says about fields of custom resources: which of them name other objects, are labels' selectors,
 * annotations or a part of the name. Such a file is OpenAPI definitions as Go's generators write them, by type name.
 */
export function crdFieldSpecs(document: Tree): FieldSpecs {
  const commonAnnotations: FieldSpec[] = []
  const commonLabels: FieldSpec[] = []
  const namePrefix: FieldSpec[] = []
  const nameReference: NameReference[] = []
  const properties = (type: string) => entriesIn(document, type, 'Schema', 'properties')

  const read = (kind: string, type: string, path: readonly string[]): void => {
    // Types may hold themselves.
    if (path.length > 20) return
    for (const [name, property] of properties(type)) {
      const here = [...path, name]
      const spec = { kind, path: here.join('/') }
      const says = (key: string): boolean => treeAt(property, [`x-kubernetes-${key}`]) !== undefined
      if (says('annotation')) commonAnnotations.push(spec)
      if (says('label-selector')) commonLabels.push(spec)
      if (says('identity')) namePrefix.push(spec)
      const version = textIn(property, 'x-kubernetes-object-ref-api-version')
      const referred = textIn(property, 'x-kubernetes-object-ref-kind')
      if (version !== undefined && referred !== undefined) {
        const field = textIn(property, 'x-kubernetes-object-ref-name-key') ?? 'name'
        nameReference.push({ kind: referred, version, fieldSpecs: [{ kind, path: [...here, field].join('/') }] })
      }
      const inner = textIn(property, '$ref')
      if (inner !== undefined) read(kind, inner, here)
    }
  }
  for (const type of entriesIn(document).keys()) {
    const own = properties(type)
    if (['apiVersion', 'kind', 'metadata'].every(field => own.has(field))) read(type.split('.').at(-1)!, type, [])
  }
  return { ...emptyFieldSpecs, commonAnnotations, commonLabels, namePrefix, nameReference }
}
