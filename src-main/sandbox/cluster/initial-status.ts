import type { JsonObject } from '../../../shared/manifests/manifest.ts'
import type { Kind } from './kinds.ts'

/** The status an object is born with; its controller says the rest. */
export function initialStatus(kind: Kind, object: JsonObject): { readonly status?: JsonObject } {
  if (kind.custom) return {}
  switch (kind.kind) {
    case 'Pod':
      return { status: { phase: 'Pending', qosClass: 'Burstable' } }
    case 'Namespace':
      return { status: { phase: 'Active' } }
    case 'PersistentVolumeClaim':
      return { status: { phase: 'Pending' } }
    case 'Service':
      return { status: { loadBalancer: {} } }
    case 'CustomResourceDefinition': {
      const spec = object['spec'] as JsonObject | undefined
      const condition = (type: string, reason: string) => ({ type, status: 'True', reason, message: '' })
      return {
        status: {
          conditions: [condition('NamesAccepted', 'NoConflicts'), condition('Established', 'InitialNamesAccepted')],
          acceptedNames: spec?.['names'] ?? {},
          storedVersions: [],
        },
      }
    }
    default:
      return { status: {} }
  }
}
