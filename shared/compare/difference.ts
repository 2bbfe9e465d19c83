/**
 * How a thing differs. `added` and `removed` say that what lies between the two points brought it or took it away.
 * `only-a` and `only-b` say no more than that it is not part of the other point: of another branch, another environment,
 * an older moment, or a point that does not hold the file or environment at all.
 */
export const words = ['added', 'removed', 'changed', 'only-a', 'only-b'] as const
export type Word = (typeof words)[number]
export type Change = 'added' | 'removed' | 'changed'

/** Why a difference of a field means nothing for what runs. */
export type Noise =
  /** Written by the API server. */
  | 'server'
  /** Labels and annotations of the tool that delivers it. */
  | 'tool'
  /** A checksum of something else that is compared itself. */
  | 'checksum'
  /** What Kubernetes would have put there. */
  | 'default'
  /** The same amount, written otherwise. */
  | 'quantity'
  /** The name a generator gave to other content. */
  | 'generated-name'
  /** Another environment's own namespace and names. */
  | 'environment'

export type FieldDifference = {
  /** Names it among all differences of its part: what it was made by is told by this. */
  readonly key: string
  readonly field: string
  /** Null where it is not there. */
  readonly before: string | null
  readonly after: string | null
  readonly noise?: Noise
  /** A credential: that it differs is said, and nothing else. */
  readonly hidden?: true
  /** Counted at run time: no commit made it. */
  readonly measured?: true
}

/** One thing that differs, with its fields. */
export type Subject<W extends Word = Word> = {
  readonly key: string
  /** What it is called by at A, where that is another name. */
  readonly keyA?: string
  readonly change: W
  readonly fields: readonly FieldDifference[]
}

/** NUL cannot occur in a name or a path. */
export const fieldKey = (subject: string, field: string): string => `${subject}\u0000${field}`
/** The thing a key of a field belongs to; the key itself for a thing. */
export const subjectOf = (key: string): string => {
  const end = key.indexOf('\u0000')
  return end < 0 ? key : key.slice(0, end)
}

/** True where only noise differs. */
export const isNoise = ({ change, fields }: Subject): boolean =>
  change === 'changed' && fields.length > 0 && fields.every(({ noise }) => noise !== undefined)

/** How two points lie to each other; `forward`: A is among what led to B. */
export type Relation = 'same' | 'forward' | 'backward' | 'diverged' | 'unrelated'

/** Only what was there on the way from A to B can be removed on it. */
export const saysRemoved = (relation: Relation, sameEnvironment: boolean): boolean =>
  sameEnvironment && (relation === 'forward' || relation === 'same')

export const wordOf = (change: Change, saysRemoved: boolean): Word =>
  saysRemoved || change === 'changed' ? change : change === 'added' ? 'only-b' : 'only-a'
