import { GitBranch, GitCommitHorizontal, Tag } from 'lucide-react'
import { useState } from 'react'
import type { Revision } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useQuery } from '../../connection/index.ts'
import { type PickerGroup, type PickerItem, useFormat, useText } from '../../design/index.ts'

const shown = 50
const icons = { branch: GitBranch, 'remote-branch': GitBranch, tag: Tag }

export type RevisionChoices = {
  /** The newest changes, branches and tags, for a picker. */
  readonly groups: readonly PickerGroup[]
  /** What is said when nothing matches. */
  readonly empty: string
  onOpenChange(open: boolean): void
}

/**
 * The revisions a person may mean, read when the picker is first opened: most sessions stay in the present.
 * `offers` leaves some of the named ones out.
 */
export function useRevisionChoices(
  workspace: string,
  current: string | null,
  onChoose: (revision: string) => void,
  offers: (revision: Revision) => boolean = () => true,
): RevisionChoices {
  const api = useApi()
  const text = useText()
  const format = useFormat()
  const [opened, setOpened] = useState(false)
  const log = useLive(api.decisions.log, { workspace, limit: shown }, { skip: !opened })
  const revisions = useQuery(api.workspaces.revisions, { workspace }, { skip: !opened })
  const named = (...kinds: readonly Revision['kind'][]): PickerItem[] =>
    (revisions.value ?? [])
      .filter(each => kinds.includes(each.kind) && offers(each))
      .map(({ kind, name, commit }) => ({
        id: `${kind} ${name}`,
        label: name,
        end: commit.slice(0, 8),
        icon: icons[kind],
        current: current === name,
        run: () => onChoose(name),
      }))
  return {
    groups: [
      {
        heading: text('app.newestChanges'),
        items: (log.value?.items ?? []).map(({ id, title, author, services }) => ({
          id,
          label: title,
          hint: `${id.slice(0, 8)} · ${author.name}`,
          end: format.date(author.time * 1000),
          icon: GitCommitHorizontal,
          current: current === id,
          keywords: services,
          run: () => onChoose(id),
        })),
      },
      { heading: text('app.branches'), items: named('branch', 'remote-branch') },
      { heading: text('app.tags'), items: named('tag') },
    ],
    empty: text(log.status === 'connecting' ? 'app.loading' : 'app.noneMatches'),
    onOpenChange: open => {
      if (open) setOpened(true)
    },
  }
}
