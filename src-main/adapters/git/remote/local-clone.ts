import { join } from 'node:path'
import type { Clock } from '../../../needs/clock.ts'
import { reflogIdentity } from '../commit/identity.ts'
import { Configuration } from '../config/configuration.ts'
import { CommitGraph } from '../history/commit-graph.ts'
import { Locks } from '../locks/locks.ts'
import { encodePerson } from '../objects/commit.ts'
import { ObjectStore } from '../objects/object-store.ts'
import { findClone } from '../open/find-clone.ts'
import type { GitEnvironment } from '../open/git-environment.ts'
import { RefStore } from '../refs/ref-store.ts'

/** The parts of a clone that a transfer reads and writes; closed when it is over. */
export type LocalClone = Disposable & {
  /** Where relative addresses of remotes are taken from, and where git's helpers run. */
  readonly directory: string
  readonly gitDirectory: string
  readonly commonDirectory: string
  readonly objects: ObjectStore
  readonly graph: CommitGraph
  readonly refs: RefStore
  readonly configuration: Configuration
}

export function openLocalClone(
  directory: string,
  environment: GitEnvironment,
  clock: Pick<Clock, 'now' | 'offset'>,
): LocalClone {
  const { workTree, gitDirectory, commonDirectory } = findClone(directory)
  const locks = new Locks(commonDirectory)
  const configuration: Configuration = new Configuration(gitDirectory, commonDirectory, environment, () => {
    const head = refs.read('HEAD')
    return head?.kind === 'symbolic' && head.target.startsWith('refs/heads/') ? head.target.slice(11) : null
  })
  const refs: RefStore = new RefStore(gitDirectory, commonDirectory, locks, () => ({
    committer: reflogPerson(configuration, environment, clock),
    keep: reflogKeeping(configuration, workTree === null),
  }))
  const objects = new ObjectStore(join(commonDirectory, 'objects'))
  return {
    directory: workTree ?? gitDirectory,
    gitDirectory,
    commonDirectory,
    objects,
    graph: new CommitGraph(objects, commonDirectory),
    refs,
    configuration,
    [Symbol.dispose]() {
      objects.close()
      locks.dispose()
    },
  }
}

/** Who and when a reflog names. */
export function reflogPerson(
  configuration: Configuration,
  environment: GitEnvironment,
  clock: Pick<Clock, 'now' | 'offset'>,
): string {
  return encodePerson({
    ...reflogIdentity(configuration, environment),
    time: Math.floor(clock.now() / 1000),
    offset: clock.offset(),
  })
}

function reflogKeeping(configuration: Configuration, bare: boolean): 'none' | 'normal' | 'always' {
  const value = configuration.get('core.logallrefupdates')
  if (value?.toLowerCase() === 'always') return 'always'
  return configuration.boolean('core.logallrefupdates', !bare) ? 'normal' : 'none'
}
