import { expect, test } from 'vitest'
import { addToLog, found, mostLines, noLog, plainLine, shortNames } from './log-lines.ts'

const esc = '\u001b'
test('what a terminal would act on is taken out of a line', () => {
  expect(
    plainLine(`${esc}[31mred${esc}[0m ${esc}]52;c;aGk=\u0007copied ${esc}]8;;http://x${esc}\\link${esc}]8;;${esc}\\`),
  ).toBe('red copied link')
  expect(plainLine(`a\u0000b\u0008c\td\u009b31m`)).toBe('a\ufffdb\ufffdc d\ufffd31m')
  expect(plainLine(`${esc}]0;title without an end`)).toBe('')
})

test('the newest lines stay, and how many went is known', () => {
  const many = { kind: 'lines' as const, pod: 'a', container: 'x', lines: Array(mostLines + 5).fill('line') }
  const log = addToLog(noLog, [{ kind: 'skipped', count: 2 }, many], pod => pod)
  expect(log.lines).toHaveLength(mostLines)
  expect(log.gone).toBe(7)
  const more = addToLog(
    log,
    [
      { kind: 'lines', pod: 'a', container: 'x', lines: ['Last One'] },
      { kind: 'ended', pod: 'a', container: 'x' },
    ],
    pod => pod,
  )
  expect(more.lines.at(-1)).toEqual({ number: mostLines + 5, from: 'a', text: 'Last One' })
  expect(more.ended).toEqual(['a'])
  expect(found(more.lines, ' last one ')).toHaveLength(1)
})

test('Pods are called by what tells them apart', () => {
  expect([...shortNames(['web-7d-abc', 'web-7d-def']).values()]).toEqual(['abc', 'def'])
  expect([...shortNames(['web-0', 'api-0']).values()]).toEqual(['web-0', 'api-0'])
  expect([...shortNames(['one']).values()]).toEqual(['one'])
})
