import { randomUUID } from 'node:crypto'
import type { LiveObject } from '../../../shared/health/health.ts'
import { expired } from './api-error.ts'
import type { Kind } from './kinds.ts'
import { fieldMatcher, labelMatcher } from './selectors.ts'
import type { ClusterState } from './state.ts'

export type Page = {
  readonly version: number
  readonly items: readonly LiveObject[]
  readonly next: string | null
  readonly remaining: number
}

/** What a first page saw is kept for the pages after it, as a read at one version of etcd. */
export type Pages = {
  read(kind: Kind, namespace: string | undefined, query: URLSearchParams): Page
  /** Forgets what pages still to come would have read: they are told 410. */
  forget(): void
}

const mostKept = 16

export function createPages({ store }: ClusterState): Pages {
  const kept = new Map<string, { readonly version: number; readonly items: readonly LiveObject[] }>()
  return {
    read(kind, namespace, query) {
      const limit = Number(query.get('limit') ?? 0)
      const token = query.get('continue')
      let version: number
      let items: readonly LiveObject[]
      let from = 0
      if (token) {
        const [id, at] = Buffer.from(token, 'base64url').toString().split(' ')
        const snapshot = kept.get(id ?? '')
        if (!snapshot)
          throw expired(
            'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
          )
        version = snapshot.version
        items = snapshot.items
        from = Number(at)
        kept.delete(id!)
      } else {
        version = store.version
        const matchesLabels = labelMatcher(query.get('labelSelector'))
        const matchesFields = fieldMatcher(query.get('fieldSelector'))
        items = store.list(kind, namespace).filter(object => matchesLabels(object) && matchesFields(object))
      }
      if (!(limit > 0) || items.length - from <= limit)
        return { version, items: from === 0 ? items : items.slice(from), next: null, remaining: 0 }
      const id = randomUUID()
      kept.set(id, { version, items })
      const oldest = kept.keys().next().value
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      return {
        version,
        items: items.slice(from, from + limit),
        next: Buffer.from(`${id} ${from + limit}`).toString('base64url'),
        remaining: items.length - from - limit,
      }
    },
    forget: () => kept.clear(),
  }
}
