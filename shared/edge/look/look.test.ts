import { describe, expect, test } from 'vitest'
import { holdsText, journalScript, readJournalLine, seesOwnOnly } from './journal.ts'
import { readProcesses } from './processes.ts'
import { readUnits } from './units.ts'

const nonce = 'feedfacefeedfacefeedfacefeedface'
const answer = (parts: Readonly<Record<string, string>>) =>
  `banner${Object.entries(parts)
    .map(([name, text]) => `\n@${nonce} ${name}\n${text}`)
    .join('')}\n@${nonce} end\n`

describe('units', () => {
  test('failed ones first; bullets, escapes and odd names are text', () => {
    const { units } = readUnits(
      nonce,
      answer({
        init: 'systemd\n',
        units:
          'cron.service loaded active running Regular background\n● wifi.service loaded failed failed Wi-Fi \u001b[31m<b>\n dev-x\\x2d1.mount not-found inactive dead dev-x\\x2d1.mount\nshort line\n',
      }),
    )
    expect(units.map(({ name, active }) => [name, active])).toEqual([
      ['wifi.service', 'failed'],
      ['cron.service', 'active'],
      ['dev-x\\x2d1.mount', 'inactive'],
    ])
    expect(units[0]!.description).toBe('Wi-Fi �[31m<b>')
  })
  test('without systemd it is said what there is', () => {
    expect(readUnits(nonce, answer({ init: 'busybox\n', units: '' }))).toEqual({ units: [], init: 'busybox' })
  })
})

describe('processes', () => {
  test('of ps and of BusyBox', () => {
    const posix =
      '    1     0 root      0.0  11264 19-02:11:08 /sbin/init\n  212     1 pi        12.5   8320 02:11 /usr/bin/x -a "b\u0007"\n'
    expect(
      readProcesses(nonce, answer({ posix })).map(({ id, cpu, memory, command }) => [id, cpu, memory, command]),
    ).toEqual([
      [212, 12.5, 8_519_680, '/usr/bin/x -a "b�"'],
      [1, 0, 11_534_336, '/sbin/init'],
    ])
    const busybox =
      '  PID   PPID  USER     RSS  ELAPSED COMMAND\n    1     0 root      996  1:05 init\n   77     1 root      12m  0:10 app --x\n'
    expect(
      readProcesses(nonce, answer({ busybox })).map(({ id, cpu, memory, command }) => [id, cpu, memory, command]),
    ).toEqual([
      [77, null, 12_582_912, 'app --x'],
      [1, null, 1_019_904, 'init'],
    ])
  })
})

describe('the journal', () => {
  const line = (fields: object) =>
    JSON.stringify({ __CURSOR: 's=a;i=1', __REALTIME_TIMESTAMP: '1700000000123456', PRIORITY: '3', ...fields })
  test('messages come as text, bytes, lists or not at all', () => {
    expect(readJournalLine(line({ MESSAGE: 'a\u001b[2J\r\nb\n', _SYSTEMD_UNIT: 'x.service', _PID: '7' }))).toEqual({
      cursor: 's=a;i=1',
      time: 1_700_000_000_123,
      priority: 'err',
      unit: 'x.service',
      program: null,
      process: 7,
      message: 'a�[2J\nb',
    })
    expect(readJournalLine(line({ MESSAGE: [104, 255, 105] }))?.message).toBe('h�i')
    expect(readJournalLine(line({ MESSAGE: ['one', 'two'] }))?.message).toBe('one')
    expect(readJournalLine(line({ MESSAGE: null }))?.message).toBe('')
    for (const none of ['', '-- No entries --', '{"half', '{}', '[1]', line({ __CURSOR: "'; rm -rf /" })])
      expect(readJournalLine(none)).toBeNull()
  })
  test('what is asked for is an argument, whatever it holds', () => {
    const script = journalScript({ unit: "x'; reboot #", priority: 'warning', boot: true, text: '$(id)' }, 's=a;i=1')
    expect(script).toContain("'--unit=x'\\''; reboot #'")
    expect(script).toContain('--priority=4')
    expect(script).toContain('--boot')
    expect(script).toContain("'--after-cursor=s=a;i=1'")
    expect(script).not.toContain('$(id)')
  })
  test('text is looked for in message, unit and program', () => {
    const entry = readJournalLine(line({ MESSAGE: 'Card read', SYSLOG_IDENTIFIER: 'till' }))!
    expect(['card', 'TILL', 'x', undefined].map(text => holdsText(entry, text))).toEqual([true, true, false, true])
    expect(seesOwnOnly('Hint: You are currently not seeing messages from other users and the system.')).toBe(true)
  })
})
