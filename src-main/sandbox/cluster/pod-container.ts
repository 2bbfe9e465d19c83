import type { LiveObject } from '../../../shared/health/health.ts'
import { listAt, textAt } from '../../../shared/manifests/manifest.ts'
import { ApiError } from './api-error.ts'

/** The container that is meant: the one named, or the first. Throws 400 for one the Pod does not have. */
export function containerName(pod: LiveObject, asked: string | null): string {
  const names = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].map(
    each => textAt(each, 'name') ?? '',
  )
  if (asked !== null && asked !== '' && !names.includes(asked))
    throw new ApiError(400, `container ${asked} is not valid for pod ${textAt(pod, 'metadata', 'name') ?? ''}`)
  return asked || names[0] || ''
}

/** True while the container runs. */
export const isRunning = (pod: LiveObject, container: string): boolean =>
  listAt(pod, 'status', 'containerStatuses').some(
    each => textAt(each, 'name') === container && textAt(each, 'state', 'running', 'startedAt') !== undefined,
  )

export const isReady = (pod: LiveObject): boolean =>
  listAt(pod, 'status', 'conditions').some(
    each => textAt(each, 'type') === 'Ready' && textAt(each, 'status') === 'True',
  )
