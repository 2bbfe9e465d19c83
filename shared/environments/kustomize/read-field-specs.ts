import type { FieldSpec, FieldSpecs, NameReference } from './field-specs.ts'
import { isTrue, itemsIn, type Tree, textIn, treeAt } from './tree.ts'

/** One entry of `fieldSpecs` or `fields`. */
export function fieldSpecIn(tree: Tree): FieldSpec {
  const part = (field: 'group' | 'version' | 'kind') => {
    const text = textIn(tree, field)
    return text ? { [field]: text } : {}
  }
  return {
    path: textIn(tree, 'path') ?? '',
    ...part('group'),
    ...part('version'),
    ...part('kind'),
    ...(isTrue(treeAt(tree, ['create'])) && { create: true }),
  }
}

/** A file of `configurations`. */
export function fieldSpecsIn(tree: Tree): FieldSpecs {
  const list = (field: string): FieldSpec[] => itemsIn(tree, field).map(fieldSpecIn)
  const nameReference = itemsIn(tree, 'nameReference').map((item): NameReference => {
    const { path: _, create: __, ...type } = fieldSpecIn(item)
    return { ...type, fieldSpecs: itemsIn(item, 'fieldSpecs').map(fieldSpecIn) }
  })
  return {
    namePrefix: list('namePrefix'),
    nameSuffix: list('nameSuffix'),
    namespace: list('namespace'),
    commonLabels: list('commonLabels'),
    labels: list('labels'),
    templateLabels: list('templateLabels'),
    commonAnnotations: list('commonAnnotations'),
    nameReference,
    varReference: list('varReference'),
    images: list('images'),
    replicas: list('replicas'),
  }
}
