import { expect } from '@playwright/test'
import { git } from './git-repository.ts'
import type { Home } from './isolated-home.ts'

/** Of every decision; one that concerns services names them in `Decision-Services` too. */
const trailerNames = ['Decision-Id', 'Decision-Kind', 'Decision-Gate', 'Decision-Record', 'Change-Set']

/** What system git finds in the newest commit of a repository: its trailers and the lines it changed outside of its record. */
export type Judged = {
  readonly commit: string
  readonly trailers: { readonly [name: string]: string }
  /** `+  replicas: 4`: changed lines outside of `decisions/`, without context. */
  readonly lines: readonly string[]
}

/** Lets system git judge the decision at HEAD: sound, clean, with all trailers, and the same on the remote. */
export function judgeDecision(home: Home, directory: string, remote: string | null): Judged {
  git(home, directory, 'fsck', '--strict', '--no-dangling')
  expect(git(home, directory, 'status', '--porcelain'), 'the work tree is clean').toBe('')
  const commit = git(home, directory, 'rev-parse', 'HEAD')
  expect(git(home, directory, 'log', '-1', '--format=%s')).toMatch(/^DECISION: \S/)
  const parsed = git(home, directory, 'log', '-1', '--format=%(trailers:only,unfold)')
  const trailers = Object.fromEntries(
    parsed
      .split('\n')
      .filter(Boolean)
      .map(line => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  )
  expect(Object.keys(trailers)).toEqual(expect.arrayContaining(trailerNames))
  if (remote !== null) {
    git(home, remote, 'fsck', '--strict', '--no-dangling')
    expect(git(home, remote, 'rev-parse', 'main'), 'the remote has it').toBe(commit)
  }
  return { commit, trailers, lines: changedLines(home, directory, 'HEAD~1', 'HEAD') }
}

/** The lines two revisions differ in, without context and without the records of decisions. */
export const changedLines = (home: Home, directory: string, before: string, after: string): readonly string[] =>
  git(home, directory, 'diff', '--unified=0', before, after, '--', ':!decisions')
    .split('\n')
    .filter(line => /^[+-](?!\+\+ |-- )/.test(line))
