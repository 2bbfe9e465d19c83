import type { Message } from '../messages/index.ts'

/** Something wrong in a file a person wrote, where it stands: line and column from 1. */
export type FileProblem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly severity: 'error' | 'warning'
  readonly message: Message
}
