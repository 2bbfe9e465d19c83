import * as z from 'zod/mini'

/** What can become of a decision once it is delivered, and what people did on the way. */
export const resultKinds = ['delivered', 'converged', 'failed', 'rolled-back', 'action'] as const
export type ResultKind = (typeof resultKinds)[number]
/** Where a decision can stand. */
export const outcomes = ['delivered', 'converged', 'failed', 'rolled-back'] as const
export type Outcome = (typeof outcomes)[number]

/** What a measured value was held against: at least `min`, at most `max`; `text` is how its owner wrote it. */
const Threshold = z.object({
  min: z.nullable(z.number()),
  max: z.nullable(z.number()),
  text: z.string(),
})
export type Threshold = z.infer<typeof Threshold>

/** The measurement that decided: success rate 0.91 where at least 0.95 was asked. `unit` is `%`, `ms` or nothing. */
const Breach = z.object({
  metric: z.string(),
  value: z.nullable(z.number()),
  unit: z.string(),
  threshold: z.nullable(Threshold),
  at: z.nullable(z.string()),
})
export type Breach = z.infer<typeof Breach>

/**
 * One thing that happened to a decision after it was made, as one line of JSON in the note of its commit
 * (`refs/notes/pilothouse`): lines of two people merge by putting them together.
 */
export const ResultEvent = z.object({
  /** When it happened, ISO 8601; as the controller says where it does. */
  at: z.string(),
  kind: z.enum(resultKinds),
  environment: z.nullable(z.string()),
  /** The kubeconfig context it was seen through. */
  context: z.nullable(z.string()),
  object: z.nullable(z.object({ kind: z.string(), namespace: z.string(), name: z.string() })),
  /** Revision of that object, so that one outcome is told once, whoever sees it: a pod template hash or a commit. */
  revision: z.nullable(z.string()),
  /** Why, in the words of the controller, or the reason a person gave for an action. */
  reason: z.nullable(z.string()),
  breach: z.nullable(Breach),
  /** Of an `action`: `abort`, `promote`, `suspend` …, and who did it. */
  action: z.nullable(z.string()),
  by: z.nullable(z.string()),
  /** Simulated: said wherever it is shown. */
  sandbox: z.optional(z.literal(true)),
})
export type ResultEvent = z.infer<typeof ResultEvent>

/** Where a decision stands: the outcome seen last, and since when; null while nothing is known. */
export type DecisionResult = {
  readonly standing: Outcome
  readonly at: string
  /** Of an outcome: how long it took since it was first seen delivered, in seconds. */
  readonly seconds: number | null
  readonly event: ResultEvent
}

export const resultsRef = 'refs/notes/pilothouse'

/** One line, always written the same way, so that the same event of two people is the same line. */
export const formatResult = (event: ResultEvent): string => {
  const { at, kind, environment, context, object, revision, reason, breach, action, by, sandbox } = event
  return JSON.stringify({
    at,
    kind,
    environment,
    context,
    object: object && { kind: object.kind, namespace: object.namespace, name: object.name },
    revision,
    reason,
    breach: breach && {
      metric: breach.metric,
      value: breach.value,
      unit: breach.unit,
      threshold: breach.threshold && {
        min: breach.threshold.min,
        max: breach.threshold.max,
        text: breach.threshold.text,
      },
      at: breach.at,
    },
    action,
    by,
    ...(sandbox && { sandbox }),
  })
}

/** The events of a note, oldest first, each once. Lines of others' making (people write notes, too) are left alone. */
export function readResults(note: string): readonly ResultEvent[] {
  const events: ResultEvent[] = []
  for (const line of new Set(note.split('\n'))) {
    if (!line.startsWith('{')) continue
    const read = ResultEvent.safeParse(parsed(line))
    if (read.success) events.push(read.data)
  }
  return events
    .filter(event => !events.some(other => saysTheSame(event, other) && saysMore(other, event)))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return null // half a line of another's writing: no event
  }
}

/** True when an event says of an object what another has said already, whenever and through whatever context. */
export const saysTheSame = (a: ResultEvent, b: ResultEvent): boolean =>
  a.kind === b.kind &&
  a.kind !== 'action' &&
  a.environment === b.environment &&
  a.revision === b.revision &&
  a.object?.kind === b.object?.kind &&
  a.object?.namespace === b.object?.namespace &&
  a.object?.name === b.object?.name

/** True when an event tells what was measured where another, of the same outcome, could not yet. */
export const saysMore = (event: ResultEvent, than: ResultEvent): boolean => measured(event) > measured(than)
const measured = ({ breach }: ResultEvent): number => (breach === null ? 0 : breach.value === null ? 1 : 2)

const weight = { delivered: 0, converged: 1, failed: 2, 'rolled-back': 3, action: -1 } as const

/**
 * Where a decision stands by its events. Of several objects the worst one speaks; of one object the last word counts,
 * so that a retry that went well is `converged`.
 */
export function standingOf(events: readonly ResultEvent[]): DecisionResult | null {
  const last = new Map<string, ResultEvent>()
  for (const event of events) {
    if (event.kind === 'action') continue
    const { object } = event
    const key = `${event.environment} ${object?.kind} ${object?.namespace} ${object?.name}`
    last.set(key, event)
  }
  let worst: ResultEvent | null = null
  for (const event of last.values()) if (!worst || weight[event.kind] >= weight[worst.kind]) worst = event
  if (!worst) return null
  const begun = events.find(({ kind }) => kind === 'delivered')
  const seconds = begun && begun !== worst ? (Date.parse(worst.at) - Date.parse(begun.at)) / 1000 : Number.NaN
  return {
    standing: worst.kind as Outcome,
    at: worst.at,
    seconds: seconds >= 0 ? Math.round(seconds) : null,
    event: worst,
  }
}
