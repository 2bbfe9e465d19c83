import * as z from 'zod/mini'
import type { DraftEdit } from '../../../shared/draft/draft.ts'
import { Edit } from '../../../shared/edits/edit.ts'

export const StoredEdits = z.array(z.object({ id: z.string(), edit: Edit }))

type Edits = readonly DraftEdit[]
/**
 * A step of undo or redo as it is stored: how many edits it has in common with its neighbour at the beginning and at
 * the end, and those between. All of them in full would be written anew with every edit, and grow with its square.
 */
const StoredStep = z.object({ first: z.number(), last: z.number(), between: StoredEdits })
/** Earlier versions wrote each step in full. */
export const StoredSteps = z.array(z.union([StoredStep, StoredEdits]))
type StoredSteps = z.infer<typeof StoredSteps>

const isSame = (a: DraftEdit | undefined, b: DraftEdit | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.id === b.id && JSON.stringify(a.edit) === JSON.stringify(b.edit))

/** Steps, the nearest last, as what tells each from the one after it; the last one from `now`. */
export const packSteps = (steps: readonly Edits[], now: Edits): StoredSteps =>
  steps.map((step, index) => {
    const next = steps[index + 1] ?? now
    const most = Math.min(step.length, next.length)
    let first = 0
    while (first < most && isSame(step[first], next[first])) first++
    let last = 0
    while (last < most - first && isSame(step.at(-1 - last), next.at(-1 - last))) last++
    return { first, last, between: step.slice(first, step.length - last) as z.infer<typeof StoredEdits> }
  })

/** The steps that were packed; null where one asks for more than its neighbour has. */
export function unpackSteps(stored: StoredSteps, now: Edits): readonly Edits[] | null {
  const steps: Edits[] = []
  let next = now
  for (const each of stored.toReversed()) {
    if (Array.isArray(each)) next = each as Edits
    else {
      const { first, last, between } = each
      if (first < 0 || last < 0 || first + last > next.length) return null
      next = [...next.slice(0, first), ...(between as Edits), ...next.slice(next.length - last)]
    }
    steps.push(next)
  }
  return steps.reverse()
}
