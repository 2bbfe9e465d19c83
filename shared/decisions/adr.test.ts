import { describe, expect, test } from 'vitest'
import { adrFoldersIn, adrNumber, adrPlace } from './adr-place.ts'
import { relativePath, resolvePath, supersededBy, withLink, withStatus } from './change-adr.ts'
import { looksLikeAdr, readAdr } from './read-adr.ts'

const forms = {
  'adr-tools': [
    'docs/adr/0005-use-postgres.md',
    '# 5. Use PostgreSQL\n\nDate: 2019-02-12\n\n## Status\n\nAccepted\n\nSupercedes [2. Use MySQL](0002-use-mysql.md)\n\nAmended by [9. Pools](0009-pools.md)\n\n## Context\n\nStatus quo is slow.\n',
  ],
  'MADR 2': [
    'docs/adr/0005-use-postgres.md',
    '# Use PostgreSQL\n\n* Status: accepted\n* Deciders: Ada\n* Date: 2019-02-12\n\n## Context and Problem Statement\n\nx\n\n## Links\n\n* Supersedes [ADR-0002](0002-use-mysql.md)\n* [Amended by](0009-pools.md)\n',
  ],
  'MADR 3 and 4': [
    'docs/decisions/0005-use-postgres.md',
    '---\nstatus: accepted\ndate: 2019-02-12\nsupersedes: ADR-0002\namended-by:\n  - "[ADR-0009](0009-pools.md)"\n---\n\n# Use PostgreSQL\n\n## Context and Problem Statement\n\nx\n',
  ],
  log4brains: [
    'docs/adr/20190212-use-postgres.md',
    '# Use PostgreSQL\n\n- Status: accepted\n- Date: 2019-02-12\n- Tags: db\n\n## Context\n\nx\n\n## Links\n\n- Supersedes [20180101-use-mysql](20180101-use-mysql.md)\n- Amended by [pools](20200101-pools.md)\n',
  ],
} as const

describe.each(Object.entries(forms))('a record of %s', (_, [path, text]) => {
  test('is found by its place and read', () => {
    expect(adrPlace(path)).toBe('sure')
    expect(looksLikeAdr(text)).toBe(true)
    const read = readAdr(text)
    expect([read.title, read.status, read.date]).toEqual(['Use PostgreSQL', 'accepted', '2019-02-12'])
    expect(read.links.map(({ relation }) => relation).sort()).toEqual(['amended-by', 'supersedes'])
  })

  test('is superseded where it says its status, and all else stays', () => {
    const by = { title: 'Use [our] own', href: '../x/0012-own.md' }
    const changed = supersededBy(text, by)
    const read = readAdr(changed)
    expect(read.status).toBe('superseded')
    expect(read.links).toContainEqual({ relation: 'superseded-by', target: '../x/0012-own.md' })
    expect(read.links).toHaveLength(3)
    const [a, b] = [text.split('\n'), changed.split('\n')]
    expect(b.length).toBe(a.length)
    expect(b.filter((line, at) => line !== a[at])).toHaveLength(1)
  })

  test('takes a link, once', () => {
    const to = { title: 'Backups', href: '0020-backups.md' }
    const linked = withLink(text, 'links', to)
    expect(readAdr(linked).links).toContainEqual({ relation: 'links', target: '0020-backups.md' })
    expect(readAdr(linked).links).toHaveLength(3)
    expect(withLink(linked, 'links', to)).toBe(linked)
    expect(readAdr(linked).status).toBe('accepted')
  })
})

test('statuses in other words', () => {
  expect(readAdr('# x\n\n## Status\n\nAccepted\n\nSuperceded by [3. y](0003-y.md)\n').status).toBe('superseded')
  expect(readAdr('---\nstatus: "superseded by [ADR-0005](0005-x.md)"\n---\n# x\n')).toMatchObject({
    status: 'superseded',
    links: [{ relation: 'superseded-by', target: '0005-x.md' }],
  })
  expect(readAdr('# x\n\n* Status: **Deprecated**\n').status).toBe('deprecated')
  expect(readAdr('---\nstatus: [\n---\n# Broken\n\n## Status\n\nproposed\n')).toMatchObject({
    title: 'Broken',
    status: 'proposed',
  })
  expect(readAdr('# Notes\n\nThe status: unclear.\n').status).toBeNull()
  expect(withStatus('# Bare\n', 'rejected')).toBe('---\nstatus: rejected\n---\n\n# Bare\n')
  expect(readAdr(withStatus('---\ndate: 2020-01-01\n---\n# x\n', 'superseded by [a: b](c.md)')).status).toBe(
    'superseded',
  )
})

test('where records are, and where none is', () => {
  expect(adrPlace('doc/architecture/decisions/0001-record.md')).toBe('sure')
  expect(adrPlace('packages/api/docs/adr/20200101-x.md')).toBe('sure')
  expect(adrPlace('docs/decisions/backend/0003-x.md')).toBe('sure')
  expect(adrPlace('docs/adr/use-markdown.md')).toBe('maybe')
  for (const path of [
    'docs/adr/README.md',
    'docs/adr/template.md',
    'docs/decisions/adr-template.md',
    'node_modules/x/docs/adr/0001-x.md',
    'docs/guide/0001-x.md',
    'decisions/2026-11-20-x-k2f9/README.md',
  ])
    expect(adrPlace(path), path).toBe('no')
  expect(adrPlace('notes/0001-x.md', adrFoldersIn('.adr-dir', 'notes\n'))).toBe('sure')
  expect(
    adrFoldersIn(
      '.log4brains.yml',
      'project:\n  adrFolder: ./docs/log\n  packages:\n    - name: a\n      adrFolder: "./a/log/"\n',
    ),
  ).toEqual(['docs/log', 'a/log'])
  expect([adrNumber('docs/adr/0005-x.md'), adrNumber('docs/adr/ADR-12_x.md'), adrNumber('docs/adr/x.md')]).toEqual([
    5,
    12,
    null,
  ])
})

test('ways between files lead there', () => {
  for (const [from, to] of [
    ['docs/adr/0001.md', 'docs/adr/0002 x.md'],
    ['docs/adr/0001.md', 'decisions/a/README.md'],
    ['README.md', 'docs/x.md'],
  ] as const)
    expect(resolvePath(from, relativePath(from, to))).toBe(to)
  expect(resolvePath('a.md', '../x.md')).toBeNull()
  expect(resolvePath('docs/a.md', './b.md#part')).toBe('docs/b.md')
})
