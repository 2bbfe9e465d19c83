import type { Ecosystem } from '../ecosystem.ts'
import { compareDigits } from './compare-digits.ts'
import { compareVersions, readSemantic } from './compare-versions.ts'

export type Direction = 'upgrade' | 'downgrade' | 'other'
/** Which part of the version is the first to differ; `pre` for all that follows the third number. */
export type Distance = 'major' | 'minor' | 'patch' | 'pre' | 'other'

export function versionDirection(ecosystem: Ecosystem, from: string, to: string): Direction {
  const order = compareVersions(ecosystem, from, to)
  return order < 0 ? 'upgrade' : order > 0 ? 'downgrade' : 'other'
}

/** How far apart two versions are in the words of SemVer; `other` when one of them has no numbers to compare. */
export function versionDistance(from: string, to: string): Distance {
  const [a, b] = [from, to].map(version => readSemantic(version.replace(/^\d+!/, '').replace(/^[\^~<>=\s]+/, '')))
  if (!a || !b) return 'other'
  for (const [index, word] of (['major', 'minor', 'patch'] as const).entries())
    if (compareDigits(a.numbers[index] ?? '0', b.numbers[index] ?? '0') !== 0) return word
  return from === to ? 'other' : 'pre'
}
