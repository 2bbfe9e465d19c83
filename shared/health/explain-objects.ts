import { isMap, LineCounter, parseAllDocuments } from 'yaml'
import { AppError } from '../errors.ts'
import { isObject, type Json, listAt, textAt } from '../manifests/manifest.ts'
import { readRollout } from '../rollouts/read-rollout.ts'
import type { RolloutStatus } from '../rollouts/rollout-status.ts'
import { assessHealth, kindOf } from './assess-health.ts'
import type { HealthStatus, LiveObject } from './health.ts'

/** What `pilothouse explain` says of one object. */
export type Explanation = {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly health: HealthStatus
  readonly message: string
  readonly rollout?: RolloutStatus
}

/**
 * The objects of a YAML or JSON text: one or many documents, lists opened. What is no object (an empty document) is
 * passed over.
 *
 * @throws AppError with file, line and column where the text cannot be parsed.
 */
export function readObjects(file: string, text: string): readonly LiveObject[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: false,
  })
  if (!Array.isArray(documents)) return []
  return documents.flatMap(document => {
    const error = document.errors[0]
    if (error) {
      const { line, col } = lines.linePos(error.pos[0])
      const reason = error.message.split('\n')[0]!
      throw new AppError('invalid-input', 'health.notYaml', { file, line, column: col, reason }, { cause: error })
    }
    return isMap(document.contents) ? open(document.toJS() as Json) : []
  })
}

function open(value: Json): readonly LiveObject[] {
  if (!isObject(value)) return []
  return /List$/.test(textAt(value, 'kind') ?? '') && Array.isArray(value['items'])
    ? listAt(value, 'items').flatMap(open)
    : [value]
}

/**
 * Health, reason and progress of objects, one explanation for each in their order. Objects explain one another: a
 * Rollout's weight is exact where its ReplicaSets are among them.
 */
export function explainObjects(objects: readonly LiveObject[]): readonly Explanation[] {
  return objects.map(object => {
    const { health, message } = assessHealth(object)
    const rollout = readRollout(object, objects)
    return {
      kind: kindOf(object).kind,
      namespace: textAt(object, 'metadata', 'namespace') ?? '',
      name: textAt(object, 'metadata', 'name') ?? '',
      health,
      message,
      ...(rollout && { rollout }),
    }
  })
}
