import { useMemo } from 'react'
import type { Maker, Part } from '../../../shared/compare/contract.ts'
import { useApi, useLive } from '../../connection/index.ts'
import type { Points } from './compare-tabs.ts'

/** Who made a difference; `looking` until it is known, `unknown` where no commit on the way did. */
export type MadeBy = Maker | 'draft' | 'looking' | 'unknown'
export type Makers = (...keys: readonly string[]) => MadeBy

/** The makers of all differences of a part, found while a person looks. Several keys: the first that is known. */
export function useMakers(points: Points, part: Part, skip: boolean): Makers {
  const api = useApi()
  const { value, status } = useLive(api.compare.blame, { ...points, part }, { skip })
  return useMemo<Makers>(
    () =>
      (...keys) => {
        for (const key of keys) {
          const at = value?.made[key]
          if (at !== undefined) return at < 0 ? 'draft' : (value?.makers[at] ?? 'unknown')
        }
        return value?.done || status === 'failed' ? 'unknown' : 'looking'
      },
    [value, status],
  )
}
