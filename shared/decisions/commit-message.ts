import type { RecordedGate } from '../gate/gate.ts'
import { formatWaiver, type Waiver } from '../gate/waiver.ts'
import type { DecisionKind, DecisionLink } from './decision.ts'

export type DecisionTrailers = {
  readonly decisionId: string
  readonly kind: DecisionKind
  readonly services: readonly string[]
  readonly gate: RecordedGate
  /** What was let through, and until when. */
  readonly waivers?: readonly Waiver[]
  readonly record: string
  readonly changeSet: string
  /** Decision-Id of a decision that this one takes back. */
  readonly reverts?: string
  /** Other decisions that this one speaks of. */
  readonly links?: readonly DecisionLink[]
}

/** What this one takes back and what else it speaks of, each once. */
export function allLinks({
  reverts,
  links = [],
}: Pick<DecisionTrailers, 'reverts' | 'links'>): readonly DecisionLink[] {
  const all: readonly DecisionLink[] = [
    ...(reverts ? [{ relation: 'reverts' as const, target: reverts }] : []),
    ...links,
  ]
  return [...new Map(all.map(link => [`${link.relation} ${link.target}`, link])).values()]
}

/** `Decision-Supersedes` */
const linkKey = ({ relation }: DecisionLink): string =>
  `Decision-${relation.slice(0, 1).toUpperCase()}${relation.slice(1)}`

export const subjectPrefix = 'DECISION: '

/** One line without control characters, so that it can be nothing but a subject. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim()

/**
 * The commit message of a decision: subject, why, trailers (PRODUCT: "A decision in Git"). A Markdown rule (`---`) in
 * the why is written `***`: Git takes a line of dashes for the start of a patch and would not see the trailers after it.
 */
export function formatCommitMessage(title: string, why: string, trailers: DecisionTrailers): string {
  const body = why
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '')
    .split('\n')
    .map(line => (/^---(\s|$)/.test(line) ? line.replace(/^---/, '***') : line).replace(/\s+$/, ''))
    .join('\n')
    .trim()
  const lines = [
    `Decision-Id: ${trailers.decisionId}`,
    `Decision-Kind: ${trailers.kind}`,
    ...(trailers.services.length > 0 ? [`Decision-Services: ${trailers.services.join(', ')}`] : []),
    `Decision-Gate: ${trailers.gate}`,
    ...(trailers.waivers ?? []).map(waiver => `Decision-Waiver: ${oneLine(formatWaiver(waiver))}`),
    `Decision-Record: ${trailers.record}`,
    ...allLinks(trailers).map(link => `${linkKey(link)}: ${oneLine(link.target)}`),
    `Change-Set: ${trailers.changeSet}`,
  ]
  return `${subjectPrefix}${oneLine(title)}\n\n${body}\n\n${lines.join('\n')}\n`
}
