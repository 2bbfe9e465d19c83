import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { plainText } from './plain-text.ts'
import { quoteForShell } from './quote-for-shell.ts'

/** PILOTHOUSE_FUZZ=100000 tries so many; `npm test` tries a share. */
const count = Number(process.env['PILOTHOUSE_FUZZ'] ?? 5000)

/** Pieces an attacker would use, put together anyhow. */
const hostile = fc
  .oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 24 }) },
    {
      weight: 5,
      arbitrary: fc
        .array(
          fc.constantFrom(
            ...["'", '"', '`', '$', '$(id)', '`id`', '\\', '\n', '\r', ';', '&', '|', '>', '<', '*', '?', '[a-z]', '~'],
            ...['~root', '#', '!', '!!', '{a,b}', '(', ')', '=', 'A=b', '--', '-n', '-e', '%s', '\t', ' ', '', "'\\''"],
            ...[
              '\u001b[31m',
              '\u0007',
              '\u202e',
              'é',
              '日本',
              '😀',
              '$IFS',
              '$x',
              '$((1))',
              '&&',
              '||',
              '\u0080',
              'rm',
            ],
          ),
          { maxLength: 8 },
        )
        .map(parts => parts.join('')),
    },
  )
  .filter(value => !value.includes('\0'))

const shells = ['/bin/dash', '/bin/bash', '/bin/sh', '/usr/bin/busybox', '/bin/busybox'].filter(existsSync)

describe.runIf(shells.length > 0)('quoted for a shell', () => {
  const values = fc.sample(hostile, count)
  // What Node cannot write as UTF-8 is not what is tested here.
  const whole = values.map(value => Buffer.from(value).toString())

  test.each(shells)(`%s gives back each of ${count} hostile values, and runs none`, shell => {
    const perProcess = 2000
    for (let at = 0; at < whole.length; at += perProcess) {
      const some = whole.slice(at, at + perProcess)
      const script = some.map(value => `printf '%s\\0' ${quoteForShell([value])}`).join('\n')
      const ran = spawnSync(shell, shell.endsWith('busybox') ? ['sh'] : [], { input: script, maxBuffer: 1 << 28 })
      expect(ran.stderr.toString()).toBe('')
      expect(ran.status).toBe(0)
      expect(ran.stdout.toString()).toBe(some.map(value => `${value}\0`).join(''))
    }
  })
})

test('an argument no program can be given is refused', () => {
  expect(() => quoteForShell(['a', 'b\0c'])).toThrow(AppError)
  expect(quoteForShell(['systemctl', 'show', '--', "it's", '', 'A=1'])).toBe("systemctl show -- 'it'\\''s' '' 'A=1'")
})

test('what a node says can be shown: nothing in it acts', () => {
  expect(plainText('\u001b]0;owned\u0007\u001b[2J\u009b31mred\r\n\tx')).toBe('�]0;owned��[2J�31mred�� x')
  expect(plainText('\u202egnp.exe \ud800 😀')).toBe('�gnp.exe � 😀')
  expect(plainText('a'.repeat(10), 5)).toBe('aaaa…')
  expect(plainText('aaa😀', 4)).toHaveLength(4)
})
