import { GitCompareArrows, History, Radio } from 'lucide-react'
import type { WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { useNavigation } from '../connection/navigation.ts'
import { Picker } from '../design/picker.tsx'
import { useText } from '../design/text.ts'
import { shortRevision, useRevisionChoices } from '../features/revisions/index.ts'

/** Time travel for the whole app: now, one of the newest decisions, a branch, a tag, or any revision Git resolves. */
export function RevisionSwitch({ status, className }: { status: WorkspaceStatus; className: string | undefined }) {
  const text = useText()
  const revision = useNavigation(place => place.revision)
  const { setRevision, go } = useNavigation.getState()
  const choices = useRevisionChoices(status.workspace, revision, setRevision, each => !each.current)
  return (
    <Picker
      className={className}
      label={text('app.revision')}
      icon={History}
      wide
      tone={revision === null ? undefined : 'travel'}
      value={revision === null ? text('app.now') : shortRevision(revision)}
      placeholder={text('app.findRevision')}
      empty={choices.empty}
      onOpenChange={choices.onOpenChange}
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
        ...choices.groups,
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
