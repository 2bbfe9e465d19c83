import { assertNever } from '../errors.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Edit } from './edit.ts'
import { isEdgeEdit } from './set-edge-verdict.ts'

const resource = (ref: ResourceRef) => [
  ref.file,
  ref.kind,
  ref.namespace ?? '',
  ref.name,
  ref.ordinal ?? 0,
  ...(ref.environment === undefined ? [] : [ref.environment]),
]

/** Names the field an edit changes: two edits with one key are two values for one field, and the later one holds. */
export const editKey = (edit: Edit): string => JSON.stringify([isEdgeEdit(edit) ? 'edge' : edit.kind, ...fieldOf(edit)])

function fieldOf(edit: Edit): readonly unknown[] {
  switch (edit.kind) {
    case 'set-replicas':
    case 'remove-service':
    case 'rename-service':
      return resource(edit.resource)
    case 'set-image':
      return [...resource(edit.resource), edit.container]
    case 'set-arguments':
      return [...resource(edit.resource), edit.container, edit.field]
    case 'set-env':
      return [...resource(edit.resource), edit.container, edit.name]
    case 'set-resources':
      return [...resource(edit.resource), edit.container, edit.section, edit.resourceName]
    case 'set-probe':
      return [...resource(edit.resource), edit.container, edit.probe, ...edit.field]
    case 'set-metadata':
      return [...resource(edit.resource), edit.at, edit.field, edit.key]
    case 'set-autoscaling':
      return [...resource(edit.resource), edit.field]
    case 'set-service-port':
      return [...resource(edit.resource), edit.port, edit.field]
    case 'add-service':
      return [...resource(edit.like), edit.name]
    case 'set-file':
      return [edit.file]
    case 'set-position':
      return [edit.environment, edit.node]
    case 'set-field':
    case 'set-address':
    case 'set-weight':
      return [...resource(edit.resource), edit.at]
    case 'set-item':
      return [...resource(edit.resource), edit.at, edit.item]
    case 'add-object':
      return [edit.object['kind'], edit.object['metadata']]
    case 'confirm-edge':
    case 'reject-edge':
    case 'declare-edge':
    case 'forget-edge':
      return [edit.from, edit.to, edit.environment ?? '']
    default:
      return assertNever(edit)
  }
}
