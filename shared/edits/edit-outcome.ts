import type { Message } from '../messages/index.ts'

/** Text of the files an edit may need, at one revision. Paths are from the workspace root. Only text files are given. */
export type Files = ReadonlyMap<string, string>

/** A field that changes, as a person would name it; `before`/`after` are undefined where it does not exist. */
export type FieldChange = {
  readonly file: string
  /** 1-based line in the text before the edit (in the text after it for an addition). */
  readonly line: number
  /** e.g. `Deployment/checkout spec.replicas`. */
  readonly field: string
  readonly before?: string
  readonly after?: string
}

export type EditOutcome =
  | {
      readonly kind: 'applied'
      readonly files: ReadonlyMap<string, string | null>
      readonly changes: readonly FieldChange[]
      /** Why it is made there, for an edit of a built object that is not made in the file that declares it. */
      readonly landing?: Message
    }
  /** The field already holds the value. */
  | { readonly kind: 'unchanged' }
  /** It cannot be done safely, or what it names is not there: nothing was changed. */
  | { readonly kind: 'refused'; readonly reason: Message; readonly file?: string; readonly line?: number }
