import type { Json } from '../../manifests/manifest.ts'
import type { MessageKey } from '../../messages/index.ts'
import { compileExpression, type Program } from '../../rules/cel/compile-expression.ts'
import { environment } from '../../rules/cel/environment.ts'
import { dyn, type Type } from '../../rules/cel/type.ts'

/**
 * A policy of the baseline: what must hold of each container, Pod or object. It is a CEL expression like any rule's,
 * over the manifest as it is written: `container`, `pod` (its spec), `object`, and `known` for what others say of it.
 */
export type Policy = {
  readonly id: string
  readonly scope: 'container' | 'pod' | 'object'
  readonly severity: 'block' | 'warn' | 'info'
  readonly message: MessageKey
  readonly holds: Program
  /** Where the offending field is, from the container, the Pod's spec or the object: for its line. */
  readonly at: readonly string[]
  /** The value that puts it right, where there is one right way. */
  readonly fix?: Json
}

const within = environment({
  open: false,
  variables: new Map<string, Type>([
    ['object', dyn],
    ['pod', dyn],
    ['container', dyn],
    ['known', dyn],
  ]),
})

/** Makes a policy; an expression of ours that does not compile is a bug. */
export function policy(given: Omit<Policy, 'holds'> & { readonly holds: string }): Policy {
  const { program, problems } = compileExpression(given.holds, within)
  if (!program) throw new Error(`${given.id}: ${JSON.stringify(problems)}`)
  return { ...given, holds: program }
}
