import type { Right } from '../../../shared/clusters/contract.ts'
import type { DesiredObject } from './desired-objects.ts'

/**
 * What server-side apply takes: `patch`, and `create` where nothing is there yet. Nothing for a kind that the server
 * does not serve, of which nobody can be asked.
 */
export const rightsToApply = ({ kind, namespace }: DesiredObject, isThere: boolean): readonly Right[] =>
  kind
    ? (isThere ? ['patch'] : ['patch', 'create']).map(verb => ({
        ...{ verb, group: kind.group, resource: kind.resource },
        namespace: namespace === '' ? null : namespace,
      }))
    : []
