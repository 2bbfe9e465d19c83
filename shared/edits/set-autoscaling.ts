import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeResource, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

/** What the bounds are called: in autoscaling/v1 and v2 alike, and in KEDA's ScaledObject. */
const fields: { readonly [kind: string]: { readonly minReplicas: string; readonly maxReplicas: string } } = {
  HorizontalPodAutoscaler: { minReplicas: 'minReplicas', maxReplicas: 'maxReplicas' },
  ScaledObject: { minReplicas: 'minReplicaCount', maxReplicas: 'maxReplicaCount' },
}

export const autoscalingField = (edit: EditOf<'set-autoscaling'>): string | undefined =>
  fields[edit.resource.kind]?.[edit.field]

export const setAutoscaling = (files: Files, edit: EditOf<'set-autoscaling'>): EditOutcome =>
  changeResource(files, edit.resource, () => {
    const names = fields[edit.resource.kind]
    if (!names) throw new CannotEdit('edit.noAutoscaler', { kind: edit.resource.kind })
    const place =
      edit.field === 'minReplicas' ? { before: [names.maxReplicas] } : { after: [names.minReplicas, 'scaleTargetRef'] }
    return [setField(['spec', names[edit.field]], edit.value, place)]
  })
