import type { DraftView } from '../../shared/draft/draft.ts'
import { unifiedDiff } from '../../shared/draft/unified-diff.ts'
import { pickDefaultEnvironment } from '../../shared/environments/pick-default-environment.ts'
import { AppError } from '../../shared/errors.ts'
import { type MessageKey, type MessageParams, translate } from '../../shared/messages/index.ts'
import { joinMetrics } from '../../shared/metrics/join-metrics.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import { first, type LocalCore } from './open-core.ts'
import type { Terminal } from './terminal.ts'
import { describeDiff } from './topology-diff.ts'
import { walkCanary } from './walk-canary.ts'

/**
 * The main job once, from opening a workspace to a pushed decision, through the same contract as the page. Prints each
 * step; rejects when one does not do what it should.
 */
export async function walkMainJob(core: LocalCore, workspace: WorkspaceId, terminal: Terminal): Promise<void> {
  const { api } = core
  const { signal } = terminal
  let step = 0
  const tell = (key: MessageKey, params: MessageParams = {}) =>
    terminal.out(`${++step}. ${translate(terminal.locale, { key, params })}\n`)
  const show = (text: string) => terminal.out(`${text.trimEnd().replace(/^/gm, '     ')}\n`)

  const status = await first(api.workspaces.status({ workspace }, { signal }), signal)
  tell('cli.walkOpened', { name: status.name, branch: status.branch ?? '', commit: (status.head ?? '').slice(0, 10) })

  const environments = await api.workspaces.environments({ workspace }, { signal })
  const environment = pickDefaultEnvironment(environments)
  if (!environment) throw new AppError('not-found', 'cli.noEnvironments')
  tell('cli.walkEnvironments', { environments: environments.map(({ id }) => id).join(', '), chosen: environment.id })

  const { base } = await first(api.topology.graph({ workspace, environment: environment.id }, { signal }), signal)
  tell('cli.walkGraph', { nodes: base.nodes.length, edges: base.edges.length })
  for await (const { sources, observations, window } of api.metrics.watch(
    { workspace, environment: environment.id },
    { signal },
  )) {
    const [source] = sources
    if (source?.state === 'connecting') continue
    if (!source || source.problem)
      throw new AppError('unreachable', 'metrics.noSource', { environment: environment.id })
    const { edges } = joinMetrics(base, observations).topology
    const measured = edges.filter(({ rate }) => rate !== null).length
    tell('metrics.walkMeasured', { count: measured, of: edges.length, window, name: source.name })
    break
  }
  const page = await first(api.decisions.log({ workspace, limit: 100, decisionsOnly: true }, { signal }), signal)
  tell('cli.walkLog', { decisions: page.items.length, newest: page.items[0]?.title ?? '' })

  const chosen = base.nodes.find(
    ({ kind, replicas, resource }) => kind === 'service' && replicas !== undefined && resource,
  )
  if (!chosen?.resource || chosen.replicas === undefined) throw new AppError('not-found', 'cli.walkNothingToScale')
  const replicas = chosen.replicas + 1
  await api.draft.edit(
    { workspace, edits: [{ kind: 'set-replicas', resource: chosen.resource, replicas }] },
    { signal },
  )
  const draft = await settled(api.draft.view({ workspace }, { signal }), signal)
  tell('cli.walkEdited', { service: chosen.id, from: chosen.replicas, to: replicas, title: draft.suggestedTitle })
  const files = await Promise.all(
    draft.files.map(async ({ path }) => ({ path, ...(await api.draft.file({ workspace, path }, { signal })) })),
  )
  show(unifiedDiff(files))

  tell('cli.walkGate', { verdict: draft.gate.verdict, items: draft.gate.items.length })
  for (const { rule, message } of draft.gate.items) show(`${rule}: ${translate(terminal.locale, message)}`)

  const why = translate(terminal.locale, { key: 'cli.walkWhy' })
  const publish = async (given: DraftView) => {
    const outcome = await api.draft.publish(
      {
        workspace,
        changeSetId: given.changeSetId,
        environment: environment.id,
        title: given.suggestedTitle,
        why,
        kind: given.suggestedKind,
        reasons: Object.fromEntries(given.gate.items.map(({ rule }) => [rule, why])),
        target: { kind: 'current-branch' },
        push: true,
      },
      { signal },
    )
    if (outcome.kind !== 'published' || outcome.pushed !== 'pushed')
      throw new AppError('conflict', 'cli.walkNotPublished', { outcome: outcome.kind })
    return outcome
  }
  const outcome = await publish(draft)
  tell('cli.walkPublished', { commit: outcome.commit.slice(0, 10), branch: outcome.branch })

  const detail = await api.decisions.show({ workspace, decision: outcome.commit }, { signal })
  tell('cli.walkRecorded', { record: outcome.record })
  show(detail.message)

  const { diff } = await api.topology.diff(
    { workspace, environment: environment.id, from: `${outcome.commit}~1`, to: outcome.commit },
    { signal },
  )
  tell('cli.walkTravelled')
  show(describeDiff(diff).join('\n'))

  let last = outcome.commit
  const at = { workspace, environment: environment.id }
  await walkCanary(core, at, base, async next => (last = (await publish(next)).commit), tell, terminal)

  const after = await first(api.workspaces.status({ workspace }, { signal }), signal)
  const isInStep = after.head === last && 'ahead' in after.sync && after.sync.ahead === 0
  if (!isInStep) throw new AppError('conflict', 'cli.walkNotPublished', { outcome: after.sync.kind })
  tell('cli.walkDone')
}

/** The draft once it holds an edit that could be applied. */
async function settled(views: AsyncIterable<DraftView>, signal: AbortSignal): Promise<DraftView> {
  for await (const view of views) if (view.edits.length > 0 && view.changeSetId !== null) return view
  signal.throwIfAborted()
  throw new AppError('connection-lost', 'error.connectionLost')
}
