import { AppError, type ErrorCode, isCancelled } from '../../shared/errors.ts'
import { appVersion } from './app-root.ts'
import { commands, findCommand } from './commands.ts'
import { commandHelp, generalHelp, groupHelp } from './help.ts'
import { nearest } from './nearest.ts'
import { readArguments } from './read-arguments.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** What a failure means to a script. */
export function exitOf(code: ErrorCode): ExitCode {
  switch (code) {
    case 'unreachable':
    case 'unauthorized':
    case 'forbidden':
    case 'connection-lost':
      return exit.unreachable
    case 'refused-by-rule':
    case 'conflict':
      return exit.no
    case 'invalid-input':
    case 'not-found':
    case 'unsupported':
      return exit.usage
    case 'cancelled':
      return exit.cancelled
    case 'unexpected':
      return exit.bug
  }
}

async function run(typed: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [word] = typed
  if (word === undefined || word === '--help' || word === '-h' || (word === 'help' && typed.length === 1)) {
    terminal.out(generalHelp(terminal.locale))
    return word === undefined ? exit.usage : exit.fine
  }
  if (word === 'help') return run([...typed.slice(1, 3), '--help'], terminal)
  if (word === '--version' || word === '-V') {
    terminal.out(`${appVersion()}\n`)
    return exit.fine
  }
  const found = findCommand(typed)
  if (!found) {
    const [, second] = typed
    const inGroup = commands.filter(({ name }) => name.startsWith(`${word} `))
    const isAsked = second === '--help' || second === '-h'
    if (inGroup.length > 0 && (second === undefined || isAsked)) {
      terminal.out(groupHelp(word, inGroup, terminal.locale))
      return isAsked ? exit.fine : exit.usage
    }
    const command = inGroup.length > 0 ? `${word} ${second}` : word
    const near = nearest(
      command,
      (inGroup.length > 0 ? inGroup : commands).map(({ name }) => name),
    )
    throw near === null
      ? new AppError('invalid-input', 'cli.unknownCommand', { command })
      : new AppError('invalid-input', 'cli.unknownCommandNear', { command, near })
  }
  const given = readArguments(found.command, found.rest)
  if (given.has('help')) {
    terminal.out(commandHelp(found.command, terminal.locale))
    return exit.fine
  }
  const loaded = await found.command.load()
  return loaded.run(given, terminal)
}

/** Runs one command line to its exit code. Failures are said in words on the error output; bugs are reported too. */
export async function runCommandLine(
  typed: readonly string[],
  terminal: Terminal,
  report: (error: unknown) => void,
): Promise<ExitCode> {
  try {
    return await run(typed, terminal)
  } catch (error) {
    if (isCancelled(error)) return exit.cancelled
    if (error instanceof AppError && error.code !== 'unexpected') {
      terminal.say(error)
      return exitOf(error.code)
    }
    report(error)
    terminal.say(error instanceof AppError ? error : { key: 'error.unexpected' })
    return exit.bug
  }
}

/** The language of the terminal, as POSIX orders the variables. */
export function localeOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): 'en' | 'zh' {
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh' : 'en'
}
