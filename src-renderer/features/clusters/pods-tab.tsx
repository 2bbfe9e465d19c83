import { Box } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import { useApi, useLive } from '../../connection/index.ts'
import { EmptyState, ErrorState, Loading, Skeleton, TextField, useText } from '../../design/index.ts'
import styles from './clusters.module.css'
import { PodList } from './pod-list.tsx'

export type LookedAt = {
  readonly workspace: string
  readonly environment: string | null
  readonly context: string
  readonly namespaces?: 'all'
}

/** Every Pod in view, searched by the core: there may be more than a page should hold. */
export function PodsTab({ scope, context }: { scope: LookedAt; context: ContextView }) {
  const text = useText()
  const api = useApi()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed).trim()
  const live = useLive(api.clusters.pods, { ...scope, ...(search !== '' && { search }) })
  return (
    <div className={styles['body']}>
      <div className={styles['filter']}>
        <TextField
          type="search"
          value={typed}
          onChange={setTyped}
          placeholder={text('live.findPod')}
          aria-label={text('live.findPod')}
        />
      </div>
      {live.status === 'failed' && live.error ? (
        <ErrorState compact error={live.error} onRetry={live.retry} />
      ) : !live.value || (live.value.asOf === null && live.value.state === 'connecting') ? (
        <Loading>
          <Skeleton width="60%" height={16} />
        </Loading>
      ) : live.value.pods.length === 0 ? (
        <EmptyState icon={Box} sentence={text(search === '' ? 'live.noPods' : 'live.nothingFits')} />
      ) : (
        <PodList context={context} pods={live.value.pods} leftOut={live.value.leftOut} wide />
      )}
    </div>
  )
}
