import { expect, test } from 'vitest'
import { addRecordSection, recordSections } from './record-sections.ts'

const madr = `---
status: accepted
---

# Use PostgreSQL

## Context and Problem Statement

A team that knows it.

\`\`\`md
## Considered Options
\`\`\`

## Decision Outcome

Chosen option: "PostgreSQL".
`
const nygard = '# 5. Use PostgreSQL\r\n\r\n## Status\r\n\r\nAccepted\r\n\r\n## Context\r\n\r\nA team.'

test('the sections of the template a record follows, and where it has them; code is no heading', () => {
  expect(recordSections(madr).filter(({ line }) => line !== null)).toEqual([
    { heading: 'Context and Problem Statement', level: 2, line: 7 },
    { heading: 'Decision Outcome', level: 2, line: 15 },
  ])
  expect(recordSections(nygard).map(({ heading, line }) => [heading, line])).toEqual([
    ['Status', 3],
    ['Context', 7],
    ['Decision', null],
    ['Consequences', null],
  ])
  expect(recordSections('').every(({ line }) => line === null)).toBe(true)
})

test('a section is added in its place, and nothing else changes', () => {
  const between = addRecordSection(madr, 'Considered Options')
  expect(between?.text.split('\n').slice(10, 20)).toEqual([
    '```md',
    '## Considered Options',
    '```',
    '',
    '## Considered Options',
    '',
    '',
    '',
    '## Decision Outcome',
    '',
  ])
  expect(between?.line).toBe(17)
  const last = addRecordSection(madr, 'Consequences')
  expect(last?.text).toBe(`${madr}\n### Consequences\n\n\n`)
  expect(last?.text.split('\n')[last.line - 1]).toBe('')
  expect(addRecordSection(nygard, 'Decision')?.text).toBe(`${nygard}\r\n\r\n## Decision\r\n\r\n`)
  expect(addRecordSection('', 'Decision Drivers')).toEqual({ text: '## Decision Drivers\n\n\n', line: 3 })
  expect(addRecordSection(madr, 'Decision Outcome')).toBeNull()
  expect(addRecordSection(madr, 'Weather')).toBeNull()
})
