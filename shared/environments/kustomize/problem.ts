import type { Message } from '../../messages/index.ts'
import type { Finding } from '../../topology/topology.ts'
import { lineOf, type Origin } from './origin.ts'

/**
 * What keeps a kustomization from being what `kubectl kustomize` makes of it. Errors are what kubectl fails at: the
 * rest is rendered all the same, so that one mistake does not take the whole picture away.
 */
export type KustomizeProblem = {
  readonly code:
    | 'remote'
    | 'missing'
    | 'outside'
    | 'unreadable'
    | 'repeated-key'
    | 'no-kustomization'
    | 'empty'
    | 'several-kustomizations'
    | 'cycle'
    | 'wrong-kind'
    | 'chart'
    | 'plugin'
    | 'no-target'
    | 'several-targets'
    | 'patch-fails'
    | 'selector'
    | 'no-replicas-target'
    | 'duplicate'
    | 'not-text'
    | 'unknown-field'
    | 'replacement-source'
    | 'replacement-target'
    | 'generator'
    | 'reference'
    | 'variable'
    | 'bad-value'
  readonly severity: 'error' | 'warning' | 'info'
  readonly file: string
  readonly line: number
  /** What it is about: an entry as written, an object, a field. */
  readonly about: string
  /** What a chart says itself. */
  readonly message?: Message
}

export type Problems = {
  readonly all: readonly KustomizeProblem[]
  readonly add: (
    code: KustomizeProblem['code'],
    origin: Origin,
    about: string,
    severity?: KustomizeProblem['severity'],
  ) => void
  /** A problem of a chart that the kustomization builds. */
  readonly say: (finding: Finding) => void
}

export function collectProblems(): Problems {
  const all: KustomizeProblem[] = []
  return {
    all,
    add: (code, origin, about, severity = 'error') => {
      const problem = { code, severity, file: origin.source.file, line: lineOf(origin), about }
      const known = all.some(
        other =>
          other.code === code && other.file === problem.file && other.line === problem.line && other.about === about,
      )
      if (!known) all.push(problem)
    },
    say: ({ severity, message, file = '', line = 1 }) =>
      all.push({ code: 'chart', severity, file, line, about: '', message }),
  }
}
