import { AppError } from '../errors.ts'

/**
 * A command line for a POSIX shell that runs exactly these arguments: each stands in single quotes, in which the shell
 * reads nothing but the closing quote. Commands for a node are built here and nowhere else.
 * Throws `invalid-input` for an argument with a NUL: no program can be given one.
 */
export function quoteForShell(arguments_: readonly string[]): string {
  return arguments_.map(quoteOne).join(' ')
}

const plain = /^[A-Za-z0-9_@%+:,./-]+$/

function quoteOne(argument: string): string {
  if (argument.includes('\0')) throw new AppError('invalid-input', 'edge.argumentWithNul')
  // `=` is left out: as the first word it would be an assignment. `~` and `-` are no matter: quotes do not change options.
  return plain.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
