import { releasesOf } from '../../../shared/history/releases.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'
import type { History } from './history.ts'

type Releases = ReadonlyMap<ObjectId, string | null>

/** With which tags each commit of a branch first went out; worked out again when the branch or a tag moves. */
export class ReleaseIndex {
  readonly #known = new WeakMap<Workspace, { readonly key: string; readonly releases: Releases }>()

  async at(workspace: Workspace, tip: ObjectId, history: History): Promise<Releases> {
    const tags = (await workspace.repository.revisions()).filter(({ kind }) => kind === 'tag')
    const key = [tip, ...tags.map(({ name, commit }) => `${name} ${commit}`)].join('\n')
    const known = this.#known.get(workspace)
    if (known?.key === key) return known.releases
    const releases = releasesOf(history, tags)
    this.#known.set(workspace, { key, releases })
    return releases
  }
}
