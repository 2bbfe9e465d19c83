import { expect, test } from 'vitest'
import { compareVersions } from './compare-versions.ts'
import { versionDirection, versionDistance } from './version-distance.ts'

/** Each list is in order; every pair of it must be told apart the right way round. */
const inOrder = (ecosystem: Parameters<typeof compareVersions>[0], versions: readonly string[]): void => {
  for (const [i, a] of versions.entries())
    for (const [j, b] of versions.entries())
      expect([a, b, Math.sign(compareVersions(ecosystem, a, b))]).toEqual([a, b, Math.sign(i - j)])
}

test('SemVer, with the pseudo-versions of Go', () => {
  inOrder('npm', [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1',
    '1.10.0',
    '2.0.0',
  ])
  inOrder('golang', [
    'v0.0.0-20190101000000-abcdefabcdef',
    'v0.0.0-20260101000000-0bcdefabcdef',
    'v0.1.0',
    'v1.2.3-0.20260101000000-abcdefabcdef',
    'v1.2.3',
    'v1.2.4-rc.1',
    'v1.2.4',
    'v2.0.0+incompatible',
  ])
  inOrder('nuget', ['1.0.0', '1.0.0.1', '1.0.1'])
  expect(compareVersions('npm', '1.2', '1.2.0')).toBe(0)
  inOrder('generic', ['1.99999999999999999998', '1.99999999999999999999'])
})

test('PEP 440', () => {
  inOrder('pypi', [
    '1.0.dev1',
    '1.0a1.dev1',
    '1.0a1',
    '1.0b2',
    '1.0rc1',
    '1.0',
    '1.0+local.1',
    '1.0+local.2',
    '1.0.post1.dev2',
    '1.0.post1',
    '1.1',
    '1!0.1',
  ])
  for (const [a, b] of [
    ['1.0', '1.0.0'],
    ['1.0-rc1', '1.0c1'],
    ['1.0-1', '1.0.post1'],
    ['v1.0', '1.0'],
  ] as const)
    expect([a, b, compareVersions('pypi', a, b)]).toEqual([a, b, 0])
})

test('Maven', () => {
  inOrder('maven', [
    '1-alpha2',
    '1-beta',
    '1-milestone-3',
    '1-rc1',
    '1-SNAPSHOT',
    '1',
    '1-sp',
    '1-jre',
    '1-2',
    '1.1',
    '1.2',
    '1.10',
    '2.0.0.RELEASE',
  ])
  for (const [a, b] of [
    ['1.0', '1'],
    ['1.0.Final', '1-ga'],
    ['1-cr2', '1-rc2'],
    ['1-a1', '1-alpha-1'],
  ] as const)
    expect([a, b, compareVersions('maven', a, b)]).toEqual([a, b, 0])
})

test('gems and image tags', () => {
  inOrder('gem', ['1.0.a', '1.0.b1', '1.0', '1.0.1', '1.10'])
  inOrder('oci', ['1.9.0', '1.27.0', '2'])
  expect(compareVersions('oci', 'latest', 'stable')).toBe(0)
  expect(versionDirection('oci', 'main', '1.0')).toBe('other')
})

test('how far, and which way', () => {
  for (const [from, to, distance] of [
    ['v1.2.3', 'v2.0.0', 'major'],
    ['1.2.3', '1.3.0', 'minor'],
    ['1.2', '1.2.1', 'patch'],
    ['1.0.0-rc.1', '1.0.0', 'pre'],
    ['v0.0.0-20250101000000-abc', 'v0.0.0-20260101000000-abc', 'pre'],
    ['^1.2.0', '~2.0.0', 'major'],
    ['main', 'v1.0.0', 'other'],
  ] as const)
    expect([from, to, versionDistance(from, to)]).toEqual([from, to, distance])
  expect(versionDirection('npm', '2.0.0', '1.9.9')).toBe('downgrade')
})
