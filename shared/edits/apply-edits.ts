import { assertNever } from '../errors.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { addObject } from './add-object.ts'
import { addService } from './add-service.ts'
import { isBuilt, refuseBuilt, writtenRef } from './built-object.ts'
import { refusable } from './change-resource.ts'
import type { Edit, EditOf } from './edit.ts'
import { editInEnvironment, refuseInEnvironment } from './edit-in-environment.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { editOverlay } from './edit-overlay.ts'
import { writtenInEnvironment } from './environment-object.ts'
import { withHiddenValues } from './hidden-values.ts'
import { setPosition } from './layout-file.ts'
import { patchOverlay } from './patch-overlay.ts'
import { isFieldEdit } from './read-field.ts'
import { removeBuilt } from './remove-built.ts'
import { removeService } from './remove-service.ts'
import { renameService } from './rename-service.ts'
import { setArguments } from './set-arguments.ts'
import { setAutoscaling } from './set-autoscaling.ts'
import { setEdgeVerdict } from './set-edge-verdict.ts'
import { setEnv } from './set-env.ts'
import { setAddress, setAnyField, setItem } from './set-field.ts'
import { setFile } from './set-file.ts'
import { setImage } from './set-image.ts'
import { setMetadata } from './set-metadata.ts'
import { setProbe } from './set-probe.ts'
import { setReplicas } from './set-replicas.ts'
import { setResources } from './set-resources.ts'
import { setServicePort } from './set-service-port.ts'
import { setWeight } from './set-weight.ts'

/**
 * Makes one typed edit of the files at one revision. Each kind touches only the lines of its field; what cannot be
 * done safely is refused with the reason and nothing is changed.
 */
export function applyEdit(files: Files, edit: Edit): EditOutcome {
  const ref = 'resource' in edit ? edit.resource : 'like' in edit ? edit.like : undefined
  if (ref?.environment !== undefined) return applyInEnvironment(files, edit, ref)
  if (!ref || !isBuilt(ref)) return applyWritten(files, edit)
  if (edit.kind === 'set-image' || edit.kind === 'set-replicas') return editOverlay(files, edit)
  const written = writtenRef(files, ref)
  if (written) return applyWritten(files, at(edit, written))
  if (edit.kind === 'remove-service') return removeBuilt(files, ref)
  if (!isFieldEdit(edit)) return refuseBuilt(files, ref, edit.kind)
  return patchOverlay(files, ref, (alone, where) => applyWritten(alone, at(edit, where)))
}

const at = (edit: Edit, where: ResourceRef): Edit =>
  'like' in edit ? { ...edit, like: where } : ({ ...edit, resource: where } as Edit)

/** The edit of an object that an environment builds; of what is more than a field, where it stands for that alone. */
function applyInEnvironment(files: Files, edit: Edit, ref: ResourceRef): EditOutcome {
  if (isFieldEdit(edit)) return editInEnvironment(files, ref, (alone, where) => applyWritten(alone, at(edit, where)))
  const written = writtenInEnvironment(files, ref)
  if (written) return applyWritten(files, at(edit, written))
  return edit.kind === 'remove-service' ? removeBuilt(files, ref) : refuseInEnvironment(files, ref)
}

/** Edits that may hold values a page was not shown. */
function applyHidden(files: Files, edit: EditOf<'set-arguments'> | EditOf<'set-env'>): EditOutcome {
  return refusable(files, edit.resource.file, () => {
    const whole = withHiddenValues(files, edit)
    return whole.kind === 'set-env' ? setEnv(files, whole) : setArguments(files, whole)
  })
}

/** The edit of an object where it is declared. */
function applyWritten(files: Files, edit: Edit): EditOutcome {
  switch (edit.kind) {
    case 'set-replicas':
      return setReplicas(files, edit)
    case 'set-image':
      return setImage(files, edit)
    case 'set-arguments':
    case 'set-env':
      return applyHidden(files, edit)
    case 'set-resources':
      return setResources(files, edit)
    case 'set-probe':
      return setProbe(files, edit)
    case 'set-metadata':
      return setMetadata(files, edit)
    case 'set-autoscaling':
      return setAutoscaling(files, edit)
    case 'set-service-port':
      return setServicePort(files, edit)
    case 'add-service':
      return addService(files, edit)
    case 'remove-service':
      return removeService(files, edit)
    case 'rename-service':
      return renameService(files, edit)
    case 'set-file':
      return setFile(files, edit)
    case 'set-position':
      return setPosition(files, edit)
    case 'set-field':
      return setAnyField(files, edit)
    case 'set-item':
      return setItem(files, edit)
    case 'set-address':
      return setAddress(files, edit)
    case 'set-weight':
      return setWeight(files, edit)
    case 'add-object':
      return addObject(files, edit)
    case 'confirm-edge':
    case 'reject-edge':
    case 'declare-edge':
    case 'forget-edge':
      return setEdgeVerdict(files, edit)
    default:
      return assertNever(edit)
  }
}

export type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'
export type AppliedEdits = {
  /** All files as they are after the edits. */
  readonly files: Files
  /** Only those that differ from before; null for a file that is gone. */
  readonly changed: ReadonlyMap<string, string | null>
  /** One for each edit, in order. A refused edit changes nothing, and those after it go on without it. */
  readonly outcomes: readonly EditOutcome[]
}

/** Makes edits one after the other, each on what those before it left. */
export function applyEdits(files: Files, edits: readonly Edit[]): AppliedEdits {
  const now = new Map(files)
  const touched = new Set<string>()
  const outcomes = edits.map(edit => {
    const outcome = applyEdit(now, edit)
    if (outcome.kind === 'applied')
      for (const [path, text] of outcome.files) {
        touched.add(path)
        if (text === null) now.delete(path)
        else now.set(path, text)
      }
    return outcome
  })
  const changed = new Map<string, string | null>()
  for (const path of touched) if (now.get(path) !== files.get(path)) changed.set(path, now.get(path) ?? null)
  return { files: now, changed, outcomes }
}
