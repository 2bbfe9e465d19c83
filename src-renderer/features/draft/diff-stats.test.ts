import { expect, test } from 'vitest'
import { diffStats } from './diff-stats.ts'

test('lines are summed over the files', () => {
  expect(diffStats([])).toEqual({ files: 0, additions: 0, deletions: 0 })
  expect(
    diffStats([
      { path: 'a.yaml', change: 'changed', additions: 1, deletions: 2 },
      { path: 'b.yaml', change: 'added', additions: 30, deletions: 0 },
    ]),
  ).toEqual({ files: 2, additions: 31, deletions: 2 })
})
