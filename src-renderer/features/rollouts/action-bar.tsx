import { useState } from 'react'
import type { OfferedAction, RolloutView } from '../../../shared/rollouts/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { Button, type Text, useSay, useText } from '../../design/index.ts'
import { ActionDialog } from './action-dialog.tsx'
import styles from './rollouts.module.css'
import { actionLooks } from './standing-words.ts'
import { WeightDialog } from './weight-dialog.tsx'

type ActionBarProps = {
  workspace: WorkspaceId
  environment: string
  rollout: RolloutView
  locked: string | null
  stale: boolean
}

/** What may be done now. What may not is there too, and says why: its state, the context, or the right that is missing. */
export function ActionBar({ workspace, environment, rollout, locked, stale }: ActionBarProps) {
  const text = useText()
  const say = useSay()
  const [asked, setAsked] = useState<OfferedAction | null>(null)
  const reasonOf = (action: OfferedAction): string | undefined => {
    if (stale && action.where !== 'git') return text('rollout.notWhileStale')
    if (action.missing.length > 0) return missingWords(action, text)
    if (action.where === null) return action.note ? say(action.note) : text('rollout.notNow')
    if (action.where === 'git' && rollout.weights.length === 0) return text('rollout.notInGit')
    return undefined
  }
  const denied = rollout.actions.filter(({ missing }) => missing.length > 0)
  // The one that leads on is the one that stands out.
  const main = rollout.actions.find(
    ({ action, where }) => where === 'cluster' && /^(promote|retry|resume)$/.test(action),
  )
  return (
    <>
      <div className={styles['actions']} role="toolbar" aria-label={text('rollout.actions')}>
        {rollout.actions.map(action => {
          const { word, icon, danger } = actionLooks[action.action]
          const reason = reasonOf(action)
          return (
            <Button
              key={action.action}
              icon={icon}
              variant={action === main && !stale ? 'primary' : danger && reason === undefined ? 'danger' : 'default'}
              disabledReason={reason}
              onClick={() => setAsked(action)}
            >
              {text(
                action.action === 'set-weight' && rollout.status.strategy !== 'Weights' ? 'rollout.editSteps2' : word,
              )}
            </Button>
          )
        })}
      </div>
      {denied.length > 0 && (
        <p className={styles['quiet']}>
          {text('rollout.denied', {
            actions: denied.map(({ action }) => text(actionLooks[action].word)).join(', '),
            rights: [
              ...new Set(
                denied.flatMap(({ missing }) =>
                  missing.map(({ verb, resource, namespace }) => `${verb} ${resource} (${namespace ?? '*'})`),
                ),
              ),
            ].join(', '),
          })}
        </p>
      )}
      {asked?.where === 'cluster' && (
        <ActionDialog
          workspace={workspace}
          environment={environment}
          rollout={rollout}
          action={asked}
          locked={locked}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.where === 'git' && (
        <WeightDialog workspace={workspace} rollout={rollout} weight={asked.weight} onClose={() => setAsked(null)} />
      )}
    </>
  )
}

const missingWords = ({ missing }: OfferedAction, text: Text): string =>
  missing
    .map(({ verb, resource, namespace }) =>
      text('rollout.missingRight', { verb, resource, namespace: namespace ?? '*' }),
    )
    .join(' ')
