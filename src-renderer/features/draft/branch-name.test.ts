import { expect, test } from 'vitest'
import { draftBranchName, isBranchName } from './branch-name.ts'

test('a branch name is drafted from the title', () => {
  expect(draftBranchName('Raise checkout to 4 replicas, before the sale!')).toBe(
    'decision/raise-checkout-to-4-replicas-before-the-sale',
  )
  expect(draftBranchName('Über-Größe')).toBe('decision/uber-große')
  expect(draftBranchName('为大促扩容')).toBe('decision/为大促扩容')
  expect(draftBranchName('…')).toBe('decision/draft')
})

test('every drafted name is one that Git takes', () => {
  for (const title of ['a..b', '-x', 'x.lock', 'a@{b', 'é'.repeat(99), `${'a'.repeat(47)} b`, ''])
    expect(isBranchName(draftBranchName(title)), title).toBe(true)
})

test('names Git refuses are refused', () => {
  for (const name of ['', '@', '-x', 'HEAD', 'a b', 'a..b', 'a//b', '/a', 'a/', '.a', 'a/.b', 'a.lock/b', 'a.', 'a~1'])
    expect(isBranchName(name), name).toBe(false)
  for (const name of ['main', 'feature/x', 'a.b', 'release-1.2', 'u/é']) expect(isBranchName(name), name).toBe(true)
})
