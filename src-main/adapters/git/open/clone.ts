import type { Clock } from '../../../needs/clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { CommitGraph } from '../history/commit-graph.ts'
import type { IndexFile } from '../index/index-file.ts'
import type { Locks } from '../locks/locks.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { RefStore } from '../refs/ref-store.ts'
import type { CloneLayout } from './find-clone.ts'
import type { GitEnvironment } from './git-environment.ts'

/** The parts of an opened clone, for the functions that work on it. */
export type Clone = {
  readonly layout: CloneLayout
  readonly objects: ObjectStore
  readonly graph: CommitGraph
  readonly refs: RefStore
  readonly configuration: Configuration
  readonly environment: GitEnvironment
  readonly locks: Locks
  readonly index: IndexFile
  readonly clock: Pick<Clock, 'now' | 'offset'>
}
