import { type Document, isCollection, LineCounter, parseAllDocuments } from 'yaml'
import { AppError } from '../errors.ts'
import { isObject, type Json, listAt, textAt } from '../manifests/manifest.ts'
import { type Locale, translate } from '../messages/index.ts'
import { indexAround } from '../rollouts/around.ts'
import { describeRollout } from '../rollouts/describe-rollouts.ts'
import { readAnalysisRun } from '../rollouts/read-analysis.ts'
import { readRollout } from '../rollouts/read-rollout.ts'
import type { Analysis } from '../rollouts/rollout.ts'
import type { RolloutStatus } from '../rollouts/rollout-status.ts'
import { assessHealth, kindOf } from './assess-health.ts'
import { explainWhy, ownerOf, type Say } from './explain-why.ts'
import type { HealthStatus, LiveObject } from './health.ts'
import { indentQuoted } from './indent-quoted.ts'

/** What `pilothouse explain` says of one object. */
export type Explanation = {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly health: HealthStatus
  readonly message: string
  /** The same for a person, with what the objects around it tell; absent where `message` says it. */
  readonly why?: string
  /** The controller it belongs to. */
  readonly of?: { readonly kind: string; readonly namespace: string; readonly name: string }
  /** What a progressive delivery is judged by: every measurement there is, and what it is held against. */
  readonly analyses?: readonly Analysis[]
  readonly rollout?: RolloutStatus
}

/**
 * The objects of a YAML or JSON text: one or many documents, lists and arrays opened. What is no object (an empty document) is
 * passed over.
 *
 * @throws AppError with file, line and column where the text cannot be parsed.
 */
export function readObjects(file: string, text: string): readonly LiveObject[] {
  const asLines = jsonLines(text)
  if (asLines) return asLines.flatMap(open)
  const first = parse(text)
  const mended = first.documents.some(({ errors }) => errors.length > 0) ? parse(indentQuoted(text)) : null
  const { documents, lines } = mended?.documents.every(({ errors }) => errors.length === 0) ? mended : first
  return documents.flatMap(document => {
    const error = document.errors[0]
    if (error) {
      const { line, col } = lines.linePos(error.pos[0])
      const reason = error.message.split('\n')[0]!
      throw new AppError('invalid-input', 'health.notYaml', { file, line, column: col, reason }, { cause: error })
    }
    return isCollection(document.contents) ? open(toJson(document, file, lines)) : []
  })
}

function parse(text: string): { readonly documents: readonly Document.Parsed[]; readonly lines: LineCounter } {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: false,
  })
  return { documents: Array.isArray(documents) ? documents : [], lines }
}

/** One JSON object a line, as `jq -c` writes them; null for any other text. */
function jsonLines(text: string): readonly Json[] | null {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  if (lines.length < 2 || !lines.every(line => /^\s*\{.*\}\s*$/.test(line))) return null
  try {
    return lines.map(line => JSON.parse(line) as Json)
  } catch {
    // Then it is YAML in flow style, or says below where it is broken.
    return null
  }
}

function toJson(document: Document.Parsed, file: string, lines: LineCounter): Json {
  try {
    return document.toJS() as Json
  } catch (error) {
    // An alias of nothing, or more of them than anybody writes.
    const { line, col } = lines.linePos(document.contents?.range[0] ?? 0)
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    throw new AppError('invalid-input', 'health.notYaml', { file, line, column: col, reason }, { cause: error })
  }
}

function open(value: Json): readonly LiveObject[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(open)
  if (!isObject(value)) return []
  return /List$/.test(textAt(value, 'kind') ?? '') && Array.isArray(value['items'])
    ? listAt(value, 'items').flatMap(open)
    : [isBareStatus(value) ? { status: value } : value]
}

/** A status without the object it was cut from, and without its key. */
const isBareStatus = (value: LiveObject): boolean =>
  ['kind', 'apiVersion', 'metadata', 'spec', 'status'].every(field => !(field in value)) &&
  (Array.isArray(value['conditions']) || typeof value['phase'] === 'string')

/**
 * Health, reason and progress of objects, one explanation for each in their order. Objects explain one another: a
 * Rollout's weight is exact where its ReplicaSets are among them, its analyses are told where its AnalysisRuns are, and
 * a workload's reason is that of its worst Pod. `why` is in the language asked for; `message` is its controller's.
 */
export function explainObjects(objects: readonly LiveObject[], locale: Locale = 'en'): readonly Explanation[] {
  const around = indexAround(objects)
  const say: Say = (key, params) => translate(locale, { key, ...(params && { params }) })
  return objects.map(object => {
    const { group, kind } = kindOf(object)
    const health = assessHealth(object)
    const rollout = readRollout(object, objects)
    const described = rollout && describeRollout(object, around)
    const analysis = group === 'argoproj.io' && kind === 'AnalysisRun' ? readAnalysisRun(object) : null
    const analyses = analysis ? [analysis] : (described?.analyses ?? [])
    const why = explainWhy(object, { health, around, rollout: described, analysis }, say)
    const owner = ownerOf(object)
    return {
      kind,
      namespace: textAt(object, 'metadata', 'namespace') ?? '',
      name: textAt(object, 'metadata', 'name') ?? '',
      ...health,
      ...(why !== null && why !== '' && why !== health.message && { why }),
      ...(owner && { of: owner }),
      ...(rollout && { rollout }),
      ...(analyses.length > 0 && { analyses }),
    }
  })
}
