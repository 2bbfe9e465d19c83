import { parseArgs } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import type { Command, Flags, Given } from './command.ts'
import { nearest } from './nearest.ts'

/** On every command. */
export const commonFlags: Flags = { help: { kind: 'switch', short: 'h', about: 'cli.flagHelp' } }

/** Reads what was typed after a command's name. Rejects, naming the nearest flag, what the command does not have. */
export function readArguments(command: Command, arguments_: readonly string[]): Given {
  const flags: Flags = { ...command.flags, ...commonFlags }
  const { tokens } = parseArgs({
    args: [...arguments_],
    // What is unknown is refused below, in our own words.
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(flags).map(([name, { kind, short }]) => [
        name,
        {
          type: kind === 'switch' || kind === 'address' ? ('boolean' as const) : ('string' as const),
          multiple: true,
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
  })

  const positionals: string[] = []
  const values = new Map<string, string[]>()
  /** The flag before this word, while an address may follow it. */
  let addressOf: string | null = null
  for (const token of tokens) {
    if (token.kind === 'positional' && addressOf !== null && /^https?:\/\//.test(token.value)) {
      values.set(addressOf, [token.value])
      addressOf = null
      continue
    }
    addressOf = null
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (!flag) {
      const near = nearest(name, Object.keys(flags))
      throw near === null
        ? new AppError('invalid-input', 'cli.unknownFlag', { flag: rawName, command: command.name })
        : new AppError('invalid-input', 'cli.unknownFlagNear', {
            flag: rawName,
            command: command.name,
            near: `--${near}`,
          })
    }
    const given = values.get(name) ?? []
    if (flag.kind === 'address') {
      if (given.length > 0) throw new AppError('invalid-input', 'cli.flagTwice', { flag: `--${name}` })
      if (value === undefined) addressOf = name
      values.set(name, value === undefined ? [''] : [value])
      continue
    }
    if (flag.kind === 'switch') {
      if (value !== undefined) throw new AppError('invalid-input', 'cli.flagTakesNoValue', { flag: `--${name}` })
    } else if (value === undefined || (!token.inlineValue && /^-./.test(value) && !/^-\d/.test(value))) {
      // `--why --push` is a forgotten value; one that begins with a dash is written --why=-…
      throw new AppError('invalid-input', 'cli.flagNeedsValue', { flag: `--${name}`, value: flag.value ?? '…' })
    } else if (flag.kind === 'value' && given.length > 0) {
      throw new AppError('invalid-input', 'cli.flagTwice', { flag: `--${name}` })
    }
    values.set(name, [...given, value ?? ''])
  }

  const given: Given = {
    positionals,
    has: flag => values.has(flag),
    value: flag => values.get(flag)?.[0],
    values: flag => values.get(flag) ?? [],
  }
  if (given.has('help')) return given
  const [least, most] = command.count
  if (positionals.length < least || positionals.length > most) {
    const usage = `pilothouse ${command.name} ${command.arguments}`.trimEnd()
    throw positionals.length < least
      ? new AppError('invalid-input', 'cli.tooFewArguments', { usage })
      : new AppError('invalid-input', 'cli.tooManyArguments', { usage, extra: positionals[most]! })
  }
  return given
}
