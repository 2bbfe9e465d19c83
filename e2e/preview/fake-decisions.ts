import type { DecisionDetail } from '../../shared/decisions/contract.ts'
import type { DecisionKind, DecisionSummary } from '../../shared/decisions/decision.ts'
import type { RecordedGate } from '../../shared/gate/gate.ts'
import { baseTopology, environmentId, head } from './fake-topology.ts'

type Sketch = readonly [
  daysAgo: number,
  kind: DecisionKind | 'commit',
  title: string,
  why: string,
  services: readonly string[],
  gate: RecordedGate | null,
  author?: string,
]

const sketches: readonly Sketch[] = [
  [
    0.1,
    'scale',
    'raise checkout to 3 replicas before the sale',
    'Load tests on Tuesday put p99 at 480 ms with two replicas; three keep it under 200 ms.',
    ['checkout'],
    'warn',
  ],
  [
    0.9,
    'upgrade',
    'move catalog to v4.2.1 for the search fix',
    'v4.2.0 dropped results with umlauts. The fix is one line; its release notes are linked in the record.',
    ['catalog'],
    'pass',
    'Grace Hopper',
  ],
  [
    2,
    'rewire',
    'send order events through NATS instead of calling mail',
    'A slow mail server held up checkout twice this month. Events let it catch up later.',
    ['checkout', 'mail', 'events'],
    'pass',
  ],
  [3, 'commit', 'docs: how to run the load test', '', [], null, 'Linus Okafor'],
  [
    5,
    'rollback',
    'take back recommendation v0.30',
    'Click-through fell by a third within an hour of the rollout. v0.29 ran for weeks without a complaint.',
    ['recommendation'],
    'waived',
    'Grace Hopper',
  ],
  [
    8,
    'policy',
    'require an owner on every critical service',
    'Two incidents were handed around for half an hour because nobody was named.',
    [],
    'pass',
  ],
  [
    12,
    'scale',
    'give redis-cart twice the memory',
    'Evictions began on Friday evenings.',
    ['redis-cart'],
    'pass',
    'Katherine Wu',
  ],
  [
    19,
    'place',
    'run currency next to checkout in one zone',
    'Every checkout asks it six times; crossing zones cost 11 ms each.',
    ['currency', 'checkout'],
    'warn',
  ],
  [
    25,
    'upgrade',
    'PostgreSQL 16.4 to 17.2 for the catalogue',
    'Faster vacuum, and 16.4 had a known planner fault with our widest query.',
    ['catalog-db'],
    'waived',
    'Katherine Wu',
  ],
  [
    33,
    'traffic',
    'send a tenth of the storefront to the new build',
    'First step of the redesign; watched for a day.',
    ['storefront', 'gateway'],
    'pass',
  ],
  [
    41,
    'record',
    'keep gRPC between services',
    'We looked at plain JSON over HTTP for easier debugging and stayed with gRPC for its contracts.',
    [],
    null,
  ],
  [60, 'commit', 'Initial import', '', [], null, 'Linus Okafor'],
]

const digits = '0123456789abcdef'
const commitOf = (index: number): string =>
  index === 0 ? head : Array.from({ length: 40 }, (_, at) => digits[(at * 7 + index * 11 + at * index) % 16]).join('')

const slug = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)

export const decisionLog: readonly DecisionSummary[] = sketches.map(
  ([daysAgo, kind, title, why, services, gate, author = 'Ada Lovelace'], index) => {
    const time = Math.floor(Date.now() / 1000 - daysAgo * 86_400)
    const record = kind !== 'commit'
    return {
      id: commitOf(index),
      decisionId: record ? `01KAGZ6Q${String(index).padStart(2, '0')}M4T7W9X2C5V8B1N3`.slice(0, 26) : null,
      title,
      why,
      kind,
      author: { name: author, email: `${author.split(' ')[0]?.toLowerCase()}@example.com`, time, offset: 60 },
      parents: index + 1 < sketches.length ? [commitOf(index + 1)] : [],
      services,
      gate,
      record: record ? `decisions/${new Date(time * 1000).toISOString().slice(0, 10)}-${slug(title)}-k2f9/` : null,
      changeSet: record ? `9f2c${index}` : null,
      dependencies: kind === 'upgrade' ? [{ name: services[0] ?? '', from: 'v4.2.0', to: 'v4.2.1' }] : [],
    }
  },
)

export function decisionDetail(summary: DecisionSummary): DecisionDetail {
  const { title, why, kind, record } = summary
  const subject = kind === 'commit' ? title : `DECISION: ${title}`
  const trailers =
    kind === 'commit'
      ? ''
      : `\n\nDecision-Id: ${summary.decisionId}\nDecision-Kind: ${kind}\nDecision-Services: ${summary.services.join(' ')}\nDecision-Gate: ${summary.gate ?? 'pass'}\nDecision-Record: ${record}`
  const [service] = summary.services
  const { revision: _, ...topology } = baseTopology
  return {
    summary,
    message: `${subject}\n\n${why}${trailers}\n`,
    record: record
      ? {
          path: `${record}README.md`,
          markdown: `---
status: accepted
date: ${new Date(summary.author.time * 1000).toISOString().slice(0, 10)}
deciders: [${summary.author.name}]
---

# ${title}

## Context

${why}

## What changed

\`\`\`mermaid
flowchart LR
  storefront --> checkout
  checkout --> payment
\`\`\`

| rule | verdict |
| --- | --- |
| no-dangling-reference | pass |
| owner-on-critical | ${summary.gate ?? 'pass'} |

## Alternatives

- **Wait for the autoscaler.** It needs four minutes; the sale starts within one.
- Larger containers: the service is bound by its connections, not by its processor.

## Consequences

Costs about two node hours a day. To be looked at again in \`December\`.
`,
        }
      : null,
    snapshotProblem: null,
    results: [],
    snapshot:
      kind === 'commit'
        ? null
        : {
            apiVersion: 'pilothouse.dev/v1alpha1',
            kind: 'Snapshot',
            decisionId: summary.decisionId ?? '',
            base: summary.parents[0] ?? head,
            environment: environmentId,
            edits: [],
            gate: { verdict: 'pass', items: [] },
            topology,
          },
    files: [
      ...(service
        ? [{ path: `${environmentId}/${service}.yaml`, change: 'changed' as const, additions: 1, deletions: 1 }]
        : []),
      ...(record
        ? [
            { path: `${record}README.md`, change: 'added' as const, additions: 34, deletions: 0 },
            { path: `${record}snapshot.json`, change: 'added' as const, additions: 412, deletions: 0 },
          ]
        : []),
    ],
  }
}
