import type { Path } from '../../manifests/manifest.ts'

/**
 * How a value came to be in a rendered object: it stands in a resource, or something put it there. `name` is a prefix,
 * a suffix, a hash or a reference that followed one of these.
 */
export type How =
  | 'resource'
  | 'patch'
  | 'images'
  | 'replicas'
  | 'generator'
  | 'label'
  | 'annotation'
  | 'namespace'
  | 'name'
  | 'replacement'
  | 'variable'
  | 'transformer'
  /** Text of a template: the line is known, and nothing can be set there. */
  | 'template'
  /** A value that a template or a substitution put in. */
  | 'value'

/** A text whose values have origins: a file, or a text that stands inside of one (an inline patch). */
export type Source = {
  /** Path from the workspace root. */
  readonly file: string
  /** 1-based line of an offset of the text, counted in the file. */
  readonly lineAt: (offset: number) => number
  /** Where the text stands, for one inside of a file. */
  readonly within?: Origin
}

/**
 * Where one value is written. Compact on purpose, as every value has one: a path is told by following the parents.
 * `how` stands only where it differs from what the text's own use says.
 */
export type Origin = {
  readonly source: Source
  readonly at: number
  readonly parent: Origin | null
  readonly step: string | number
  readonly how: How
  /** What stood there before, where something replaced it. */
  readonly before?: Origin
}

/** An origin in words that can be shown and edited by. */
export type Place = {
  readonly file: string
  readonly line: number
  /** Path in the file's document, counted from where the object starts. */
  readonly path: Path
  /** Path inside of the text at `path`, for an inline patch. */
  readonly inner?: Path
  readonly how: How
}

/** A value put in place by something else: it is owned where that something says it. */
export const putBy = (origin: Origin, how: How, before?: Origin): Origin =>
  before && before !== origin ? { ...origin, how, before } : { ...origin, how }

export function placeOf(origin: Origin): Place {
  const { source } = origin
  const path = pathOf(origin)
  const line = source.lineAt(origin.at)
  if (!source.within) return { file: source.file, line, path, how: origin.how }
  return { file: source.file, line, path: pathOf(source.within), inner: path, how: origin.how }
}

export const lineOf = (origin: Origin): number => origin.source.lineAt(origin.at)

function pathOf(origin: Origin): Path {
  const steps: (string | number)[] = []
  for (let at: Origin = origin; at.parent; at = at.parent) steps.push(at.step)
  return steps.reverse()
}
