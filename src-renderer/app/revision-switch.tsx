import { GitBranch, GitCommitHorizontal, GitCompareArrows, History, Radio, Tag } from 'lucide-react'
import { useState } from 'react'
import type { Revision, WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { useApi } from '../connection/api.ts'
import { useNavigation } from '../connection/navigation.ts'
import { useLive } from '../connection/use-live.ts'
import { useQuery } from '../connection/use-query.ts'
import { Picker } from '../design/picker.tsx'
import { useFormat, useText } from '../design/text.ts'

const shown = 50

/** Time travel for the whole app: now, one of the newest decisions, a branch, a tag, or any revision Git resolves. */
export function RevisionSwitch({ status, className }: { status: WorkspaceStatus; className: string | undefined }) {
  const api = useApi()
  const text = useText()
  const format = useFormat()
  const revision = useNavigation(place => place.revision)
  const { setRevision, go } = useNavigation.getState()
  const [opened, setOpened] = useState(false)
  const { workspace } = status
  // Asked only when the list is first opened: most sessions stay in the present.
  const log = useLive(api.decisions.log, { workspace, limit: shown }, { skip: !opened })
  const revisions = useQuery(api.workspaces.revisions, { workspace }, { skip: !opened })
  const icons = { branch: GitBranch, 'remote-branch': GitBranch, tag: Tag }
  const named = (revisions.value ?? []).filter(each => !each.current)
  const items = (kind: readonly Revision['kind'][]) =>
    named
      .filter(each => kind.includes(each.kind))
      .map(each => ({
        id: `${each.kind} ${each.name}`,
        label: each.name,
        end: each.commit.slice(0, 8),
        icon: icons[each.kind],
        current: revision === each.name,
        run: () => setRevision(each.name),
      }))
  return (
    <Picker
      className={className}
      label={text('app.revision')}
      icon={History}
      wide
      tone={revision === null ? undefined : 'travel'}
      value={revision === null ? text('app.now') : shortRevision(revision)}
      placeholder={text('app.findRevision')}
      empty={text(log.status === 'connecting' ? 'app.loading' : 'app.noneMatches')}
      onOpenChange={open => {
        if (open) setOpened(true)
      }}
      groups={[
        {
          heading: text('app.present'),
          items: [
            {
              id: 'now',
              label: text('app.nowOn', { branch: status.branch ?? status.head?.slice(0, 8) ?? 'HEAD' }),
              icon: Radio,
              current: revision === null,
              run: () => setRevision(null),
            },
          ],
        },
        {
          heading: text('app.newestChanges'),
          items: (log.value?.items ?? []).map(each => ({
            id: each.id,
            label: each.title,
            hint: `${each.id.slice(0, 8)} · ${each.author.name}`,
            end: format.date(each.author.time * 1000),
            icon: GitCommitHorizontal,
            current: revision === each.id,
            keywords: each.services,
            run: () => setRevision(each.id),
          })),
        },
        { heading: text('app.branches'), items: items(['branch', 'remote-branch']) },
        { heading: text('app.tags'), items: items(['tag']) },
      ]}
      footer={[
        {
          label: text('compare.open'),
          icon: GitCompareArrows,
          run: () =>
            go({ screen: 'compare', revision: null, compared: revision === null ? null : { a: revision, b: 'now' } }),
        },
      ]}
      // Words are looked for in titles; no name of a commit has a space in it.
      typedItem={typed =>
        /\s/.test(typed)
          ? null
          : {
              id: `typed ${typed}`,
              label: text('app.lookAtRevision', { revision: typed }),
              icon: History,
              run: () => setRevision(typed),
            }
      }
    />
  )
}

export const shortRevision = (revision: string): string =>
  /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 8) : revision
