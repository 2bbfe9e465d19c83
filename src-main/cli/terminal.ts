import type { Locale, Message } from '../../shared/messages/index.ts'

/** Where a command runs: everything it may read and write. A test gives its own. */
export interface Terminal {
  /** The answer: what a script would read. */
  out(text: string): void
  /** Everything else: progress, hints, errors. */
  say(message: Message): void
  readonly locale: Locale
  /** A person can be asked. */
  readonly interactive: boolean
  /** Aborted by Ctrl-C and by the end of the session. */
  readonly signal: AbortSignal
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
}

/** What the process ends with. PRODUCT's four, Ctrl-C's usual 130, and 70 (`EX_SOFTWARE` of sysexits.h) for a bug. */
export const exit = { fine: 0, no: 1, usage: 2, unreachable: 3, bug: 70, cancelled: 130 } as const
export type ExitCode = (typeof exit)[keyof typeof exit]
