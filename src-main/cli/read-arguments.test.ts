import { expect, test } from 'vitest'
import { translate } from '../../shared/messages/index.ts'
import { commands, findCommand } from './commands.ts'
import { commandHelp, generalHelp } from './help.ts'
import { distance, nearest } from './nearest.ts'
import { readArguments } from './read-arguments.ts'
import { exitOf, localeOf, runCommandLine } from './run.ts'
import type { Terminal } from './terminal.ts'

const named = (name: string) => commands.find(command => command.name === name)!
const read = (line: string) => {
  const found = findCommand(line.split(' '))
  return readArguments(found!.command, found!.rest)
}

test('flags and arguments may stand in any order', () => {
  const given = read('edit --set-replicas a=1 repo --set-replicas=b=2 --commit -m Title --why=-minus --push')
  expect(given.positionals).toEqual(['repo'])
  expect(given.values('set-replicas')).toEqual(['a=1', 'b=2'])
  expect([given.has('commit'), given.has('push'), given.has('dry-run')]).toEqual([true, true, false])
  expect([given.value('title'), given.value('why')]).toEqual(['Title', '-minus'])
})

test('an address may follow a flag that can do without one', () => {
  const asked = (line: string) => [read(line).has('metrics'), read(line).value('metrics'), read(line).positionals]
  expect(asked('topology repo --metrics http://prom:9090 --window 1h')).toEqual([true, 'http://prom:9090', ['repo']])
  expect(asked('topology --metrics=https://prom repo')).toEqual([true, 'https://prom', ['repo']])
  expect(asked('topology --metrics repo')).toEqual([true, '', ['repo']])
  expect(asked('topology --metrics')).toEqual([true, '', []])
  expect(asked('topology repo')).toEqual([false, undefined, ['repo']])
})

test('what follows -- is no flag', () => {
  expect(read('topology -- --dir').positionals).toEqual(['--dir'])
})

test('a name of two words wins over its first word', () => {
  expect(findCommand(['topology', 'diff', 'a', 'b', 'c'])?.command.name).toBe('topology diff')
  expect(findCommand(['topology', './diff'])?.command.name).toBe('topology')
  expect(findCommand(['nonsense'])).toBeNull()
})

test.each([
  ['topology --frmat json', 'cli.unknownFlagNear', '--format'],
  ['topology --constructor x', 'cli.unknownFlag', undefined],
  ['topology --__proto__ x', 'cli.unknownFlag', undefined],
  ['topology -x', 'cli.unknownFlag', undefined],
  ['topology --no-json', 'cli.unknownFlag', undefined],
  ['edit --set-replica a=1', 'cli.unknownFlagNear', '--set-replicas'],
  ['topology --rev', 'cli.flagNeedsValue', undefined],
  ['record --why --push', 'cli.flagNeedsValue', undefined],
  ['topology --json=yes', 'cli.flagTakesNoValue', undefined],
  ['topology --rev a --rev b', 'cli.flagTwice', undefined],
  ['show a', 'cli.tooFewArguments', undefined],
  ['topology a b', 'cli.tooManyArguments', undefined],
])('%s is refused: %s', (line, key, near) => {
  expect(() => read(line)).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      key,
      ...(near ? { params: expect.objectContaining({ near }) } : {}),
    }),
  )
})

test('--help needs no arguments', () => {
  expect(read('show --help').has('help')).toBe(true)
})

test('distance counts a swap of neighbours once, and nearest knows when nothing is near', () => {
  expect(distance('kitten', 'sitting')).toBe(3)
  expect(distance('serve', 'sevre')).toBe(1)
  expect(nearest('sevre', ['serve', 'show'])).toBe('serve')
  expect(nearest('env', ['environments', 'edit'])).toBe('environments')
  expect(nearest('xyzzy', ['serve', 'show'])).toBeNull()
})

test.each(['en', 'zh'] as const)('the help in %s names every command and flag and leaves no gap', locale => {
  const general = generalHelp(locale)
  for (const command of commands) {
    expect(general).toContain(command.name)
    const help = commandHelp(command, locale)
    for (const flag of Object.keys(command.flags)) expect(help).toContain(`--${flag}`)
    expect(help).not.toMatch(/\{\{|cli\./)
  }
  expect(general).not.toMatch(/\{\{|cli\./)
})

test('every command has the code it names', async () => {
  for (const command of commands)
    expect([command.name, typeof (await command.load()).run]).toEqual([command.name, 'function'])
  expect(named('serve').flags['no-open']).toBeDefined()
})

test('the language of the terminal follows POSIX', () => {
  expect(localeOf({ LANG: 'zh_CN.UTF-8' })).toBe('zh')
  expect(localeOf({ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en')
  expect(localeOf({})).toBe('en')
})

test('exit codes: no, usage and unreachable are told apart', () => {
  expect([exitOf('refused-by-rule'), exitOf('not-found'), exitOf('unauthorized'), exitOf('unexpected')]).toEqual([
    1, 2, 3, 70,
  ])
})

function terminal(): Terminal & { text: string; said: string } {
  const made = {
    text: '',
    said: '',
    out(text: string) {
      made.text += text
    },
    say(message: Parameters<Terminal['say']>[0]) {
      made.said += `${translate('en', message)}\n`
    },
    locale: 'en' as const,
    interactive: false,
    signal: new AbortController().signal,
    directory: '/',
    environment: {},
  }
  return made
}

test('a mistyped command is answered in words on the error output, with code 2', async () => {
  const screen = terminal()
  expect(await runCommandLine(['topolgy'], screen, () => {})).toBe(2)
  expect(screen).toMatchObject({ text: '', said: 'There is no command `topolgy`. Did you mean `topology`?\n' })
})

test('nothing typed is a question: help, and code 2', async () => {
  const screen = terminal()
  expect(await runCommandLine([], screen, () => {})).toBe(2)
  expect(screen.text).toContain('pilothouse')
  expect(await runCommandLine(['--version'], screen, () => {})).toBe(0)
  expect(await runCommandLine(['help', 'topology', 'diff'], screen, () => {})).toBe(0)
  expect(screen.text).toContain('REV_A')
})
