import { expect, test } from 'vitest'
import { readTar } from './read-tar.ts'

/** One entry as `tar` writes it. */
function entry(name: string, content: string, type = '0'): string {
  const field = (text: string, length: number): string => text.padEnd(length, '\0')
  const size = `${content.length.toString(8).padStart(11, '0')} `
  const head = field(name, 100) + field('', 24) + size + field('', 20) + type + field('', 100) + field('ustar', 8)
  return head.padEnd(512, '\0') + content.padEnd(Math.ceil(content.length / 512) * 512, '\0')
}
const bytes = (text: string): Uint8Array => Uint8Array.from(text, char => char.charCodeAt(0))
const long = `chart/templates/${'deep/'.repeat(30)}a.yaml`

test('files are read without the folder that holds them; long names, and what is no text', () => {
  const archive =
    entry('chart/', '', '5') +
    entry('chart/Chart.yaml', 'name: chart\n') +
    entry('././@LongLink', `${long}\0`, 'L') +
    entry(long.slice(0, 100), 'a: 1\n') +
    entry('PaxHeader', `${`path=${long}b`.length + 5} path=${long}b\n`, 'x') +
    entry('short', 'b: 2\n') +
    entry('chart/logo.png', '\xff\xfe') +
    entry('chart/../../outside.yaml', 'c: 3\n') +
    '\0'.repeat(1024)
  expect([...readTar(bytes(archive))]).toEqual([
    ['Chart.yaml', 'name: chart\n'],
    [long.slice('chart/'.length), 'a: 1\n'],
    [`${long.slice('chart/'.length)}b`, 'b: 2\n'],
  ])
})

test('of a broken archive what comes before counts', () => {
  const archive =
    entry('chart/Chart.yaml', 'name: chart\n') +
    entry('chart/values.yaml', 'a: 1\n').slice(0, 520).replace('00000000005', '77777777777')
  expect([...readTar(bytes(archive)).keys()]).toEqual(['Chart.yaml'])
  expect(readTar(new Uint8Array())).toEqual(new Map())
})
