import type { MessageKey } from '../../shared/messages/index.ts'
import type { ExitCode, Terminal } from './terminal.ts'

export type Flag = {
  /** `switch` takes no value, `list` may be given several times, `address` may be followed by an http address. */
  readonly kind: 'switch' | 'value' | 'list' | 'address'
  readonly short?: string
  /** How the value is written in the help: `S=N`. */
  readonly value?: string
  readonly about: MessageKey
}
export type Flags = { readonly [name: string]: Flag }

/** What was typed, checked against the command's flags. */
export type Given = {
  readonly positionals: readonly string[]
  has(flag: string): boolean
  value(flag: string): string | undefined
  values(flag: string): readonly string[]
}

/** One line of the command table; the code behind it is loaded when it is called. */
export type Command = {
  readonly name: string
  /** Positional arguments as the help shows them. */
  readonly arguments: string
  /** How many positionals at least and at most. */
  readonly count: readonly [least: number, most: number]
  readonly about: MessageKey
  readonly flags: Flags
  load(): Promise<{ run: RunCommand }>
}
export type RunCommand = (given: Given, terminal: Terminal) => Promise<ExitCode>
