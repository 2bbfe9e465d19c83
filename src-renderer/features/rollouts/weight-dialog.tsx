import { useCallback, useState } from 'react'
import type { RolloutView } from '../../../shared/rollouts/contract.ts'
import { asPercent, type WeightPlace, weightEdit, withWeight } from '../../../shared/rollouts/plan-weights.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useNavigation } from '../../connection/index.ts'
import { Button, Callout, Dialog, ErrorNote, Field, NumberField, useText, useToasts } from '../../design/index.ts'
import styles from './rollouts.module.css'

type WeightDialogProps = {
  workspace: WorkspaceId
  rollout: RolloutView
  /** Percent for the new side, where the action itself says it. */
  weight: number | null
  onClose(): void
}

/** The weights in Git, one number each; they become part of the draft. */
export function WeightDialog({ workspace, rollout, weight, onClose }: WeightDialogProps) {
  const text = useText()
  const toasts = useToasts()
  const setScreen = useNavigation(place => place.setScreen)
  const { draft } = useApi()
  const edit = useCommand(
    useCallback(
      async (input: Parameters<typeof draft.edit>[0], options?: { readonly signal: AbortSignal }) => {
        await draft.edit(input, options)
        return true
      },
      [draft],
    ),
  )
  const [places, setPlaces] = useState(() => rollout.weights.map(place => begun(place, rollout, weight)))
  const [first] = rollout.weights
  const steps = first?.kind === 'steps'
  const changed = places.some((weights, at) => weights.join() !== rollout.weights[at]?.weights.join())

  async function start() {
    const services = rollout.node === null ? [] : [rollout.node]
    const edits = rollout.weights.flatMap((place, at) => {
      const weights = places[at]!
      return weights.join() === place.weights.join() ? [] : [weightEdit(place, weights, services)]
    })
    if (!(await edit.run({ workspace, edits }))) return
    toasts.show({ tone: 'ok', title: text('rollout.drafted'), detail: text('rollout.draftedHint') })
    setScreen('topology')
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={open => !open && onClose()}
      size="small"
      title={text(steps ? 'rollout.editSteps2' : 'rollout.setWeight')}
      description={first ? `${first.file}:${first.line}` : undefined}
      onSubmit={() => void start()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={!changed} loading={edit.running}>
            {text('rollout.toDraft')}
          </Button>
        </>
      }
    >
      {steps && (
        <Callout tone="info">
          {text(first?.instead ? 'rollout.stepsInstead' : 'rollout.noteStrategy', {
            name: first?.instead?.name ?? '',
            kind: first?.instead?.kind ?? '',
          })}
        </Callout>
      )}
      {rollout.weights.map((place, at) => (
        <fieldset key={place.at.join('.')} className={styles['weights']}>
          <legend className={styles['quiet']}>{place.at.join('.')}</legend>
          {place.names.map((name, index) => (
            <Field
              key={name}
              label={place.kind === 'steps' && /^\d+$/.test(name) ? text('rollout.stepNumber', { step: name }) : name}
            >
              <NumberField
                value={places[at]![index]!}
                min={0}
                max={100}
                onChange={next =>
                  setPlaces(before =>
                    before.map((weights, k) =>
                      k !== at
                        ? weights
                        : place.kind === 'steps'
                          ? weights.map((each, i) => (i === index ? next : each))
                          : withWeight(weights, index, next),
                    ),
                  )
                }
              />
            </Field>
          ))}
        </fieldset>
      ))}
      <ErrorNote error={edit.error} />
    </Dialog>
  )
}

/** What is proposed at first: as it stands, or with the weight the action sets. */
function begun(place: WeightPlace, rollout: RolloutView, weight: number | null): readonly number[] {
  if (place.kind === 'steps') return place.weights
  const shares = asPercent(place.weights)
  const at = place.names.indexOf(rollout.status.canary ?? '')
  return weight === null || at < 0 ? shares : withWeight(shares, at, weight)
}
