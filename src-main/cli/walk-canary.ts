import type { DraftView } from '../../shared/draft/draft.ts'
import { AppError } from '../../shared/errors.ts'
import type { MessageKey, MessageParams } from '../../shared/messages/index.ts'
import type { RolloutView } from '../../shared/rollouts/contract.ts'
import type { Topology } from '../../shared/topology/topology.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { LocalCore } from './open-core.ts'
import type { Terminal } from './terminal.ts'

/**
 * A decision that starts a canary: a new image is pushed, the sandbox's Argo CD takes it to the cluster, and a first
 * share of the calls goes to it. Does nothing where the environment has no progressive delivery.
 */
export async function walkCanary(
  { api }: LocalCore,
  at: { readonly workspace: WorkspaceId; readonly environment: string },
  topology: Topology,
  publish: (draft: DraftView) => Promise<string>,
  tell: (key: MessageKey, params?: MessageParams) => void,
  { signal }: Terminal,
): Promise<void> {
  let rollout: RolloutView | undefined
  for await (const { state, rollouts } of api.rollouts.watch(at, { signal })) {
    if (state === 'connecting') continue
    const known = rollouts.filter(({ stable }) => stable.images.length > 0)
    // It may still be at what was decided before.
    rollout = known.find(({ standing }) => standing === 'done')
    if (rollout || known.length === 0) break
  }
  const resource = topology.nodes.find(({ id }) => id === rollout?.node)?.resource
  const old = rollout?.stable.images[0]
  if (!rollout || !resource || old === undefined) return

  const { name } = rollout.object
  const image = old.replace(/(\d+)(\D*)$/, (_, number: string, rest: string) => `${Number(number) + 1}${rest}`)
  await api.draft.edit(
    {
      workspace: at.workspace,
      edits: [{ kind: 'set-image', resource, container: rollout.workload?.name ?? name, image }],
    },
    { signal },
  )
  for await (const draft of api.draft.view({ workspace: at.workspace }, { signal })) {
    if (draft.edits.length === 0 || draft.changeSetId === null) continue
    tell('sandbox.walkPushed', { image, commit: (await publish(draft)).slice(0, 10) })
    break
  }
  for await (const view of api.rollouts.watch(at, { signal })) {
    const now = view.rollouts.find(({ object }) => object.name === name)
    const weight = now?.status.weight ?? 0
    if (!now?.canary.images.includes(image) || weight === 0 || weight === 100) continue
    tell('sandbox.walkCanary', {
      service: name,
      weight,
      steps: now.steps.length,
      step: now.status.step ?? 0,
    })
    return
  }
  throw new AppError('connection-lost', 'error.connectionLost')
}
