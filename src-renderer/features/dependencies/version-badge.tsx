import { ArrowDown, ArrowUp } from 'lucide-react'
import type { Ecosystem } from '../../../shared/dependencies/ecosystem.ts'
import {
  type Distance,
  versionDirection,
  versionDistance,
} from '../../../shared/dependencies/versions/version-distance.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { Badge, type Tone, useText } from '../../design/index.ts'

const words: { readonly [distance in Distance]: MessageKey } = {
  major: 'dependency.distanceMajor',
  minor: 'dependency.distanceMinor',
  patch: 'dependency.distancePatch',
  pre: 'dependency.distancePre',
  other: 'dependency.distanceOther',
}

/** Which part of the version moved, and which way: a major step or a step back asks for a second look. */
export function VersionBadge({ ecosystem, from, to }: { ecosystem: Ecosystem; from: string; to: string }) {
  const text = useText()
  const direction = versionDirection(ecosystem, from, to)
  const distance = versionDistance(from, to)
  const tone: Tone = distance === 'major' || direction === 'downgrade' ? 'warn' : 'neutral'
  const icon = direction === 'upgrade' ? ArrowUp : direction === 'downgrade' ? ArrowDown : null
  return (
    <Badge tone={tone} icon={icon}>
      {text(words[distance])}
    </Badge>
  )
}
