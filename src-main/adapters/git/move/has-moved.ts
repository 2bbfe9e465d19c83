import type { ObjectId } from '../../../needs/git-repository.ts'
import type { RefStore } from '../refs/ref-store.ts'
import type { Step } from './journal.ts'

/** True when the ref is where a step wanted it and the work tree follows it. Somebody who moved on since has to be left alone. */
export function hasMoved(refs: RefStore, { step, to }: { readonly step: Step; readonly to: ObjectId }): boolean {
  const head = refs.head()
  return head.ref === step.ref && head.commit === to
}
