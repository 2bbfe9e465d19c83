import type { RecordedGate } from '../gate/gate.ts'
import { subjectPrefix } from './commit-message.ts'
import {
  type DecisionKind,
  type DecisionLink,
  type DecisionSummary,
  decisionKinds,
  decisionRelations,
  type Person,
} from './decision.ts'
import { splitTrailers, type Trailer, trailer } from './trailers.ts'

type CommitText = {
  readonly oid: string
  readonly parents: readonly string[]
  readonly author: Person
  readonly message: string
}

const gates: readonly string[] = ['pass', 'warn', 'waived'] satisfies RecordedGate[]

/**
 * What the log shows of a commit. A commit whose subject starts with `DECISION:` is a decision, whoever made it; one
 * that does not say its kind counts as `record`. Every other commit is shown as what it is.
 */
export function readDecision(commit: CommitText): DecisionSummary {
  const { text, trailers } = splitTrailers(commit.message)
  const [subject = '', ...rest] = text.split('\n')
  const decision = subject.startsWith(subjectPrefix.trimEnd())
  const kind = trailer(trailers, 'Decision-Kind')
  const gate = trailer(trailers, 'Decision-Gate')
  const services = trailer(trailers, 'Decision-Services')
  const links = linksIn(commit.message, decision ? trailers : [])
  return {
    id: commit.oid,
    decisionId: decision ? trailer(trailers, 'Decision-Id') : null,
    title: decision ? subject.slice(subjectPrefix.trimEnd().length).trim() : subject.trim(),
    why: rest.join('\n').trim(),
    kind: !decision
      ? 'commit'
      : (decisionKinds as readonly string[]).includes(kind ?? '')
        ? (kind as DecisionKind)
        : 'record',
    author: commit.author,
    parents: commit.parents,
    services:
      decision && services
        ? services
            .split(',')
            .map(name => name.trim())
            .filter(name => name !== '')
        : [],
    gate: decision && gate !== null && gates.includes(gate) ? (gate as RecordedGate) : null,
    record: decision ? trailer(trailers, 'Decision-Record') : null,
    changeSet: decision ? trailer(trailers, 'Change-Set') : null,
    dependencies: [],
    ...(links.length > 0 && { links }),
  }
}

/** Links by trailer (`Decision-Supersedes: 01K…`, several of one kind one a line), and what `git revert` writes. */
function linksIn(message: string, trailers: readonly Trailer[]): readonly DecisionLink[] {
  const links = trailers.flatMap(({ key, value }): DecisionLink[] => {
    const relation = decisionRelations.find(each => key.toLowerCase() === `decision-${each}`)
    return relation && value !== '' ? [{ relation, target: value }] : []
  })
  if (!message.includes('This reverts commit ')) return links
  const reverted = /^This reverts commit ([0-9a-f]{40})\b/m.exec(message)?.[1]
  return reverted && links.length === 0 ? [{ relation: 'reverts', target: reverted }] : links
}
