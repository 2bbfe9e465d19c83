import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { git } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { LiveObject } from '../../shared/health/health.ts'
import type { ResultEvent } from '../../shared/results/result.ts'
import type { RolloutsView } from '../../shared/rollouts/contract.ts'
import { type SandboxCluster, serveCluster } from '../sandbox/cluster/serve-cluster.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-rollouts-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const manifests = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: main
          image: shop/cart:1
  strategy: {canary: {stableService: cart, canaryService: cart-canary, steps: [{setWeight: 20}, {pause: {}}, {setWeight: 60}]}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "shop/web:1", env: [{name: CART_URL, value: "http://cart"}]}]}
`
const image = (tag: string) => ({ containers: [{ name: 'main', image: `shop/cart:${tag}` }] })

let place = 0
let clone: string
let data: string
beforeEach(() => {
  clone = join(root, String(++place), 'clone')
  data = join(root, String(place), 'data')
  mkdirSync(clone, { recursive: true })
  writeFileSync(join(clone, 'shop.yaml'), manifests)
  writeFileSync(
    join(clone, 'pilothouse.yaml'),
    'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nenvironments:\n  - {path: ., cluster: sandbox}\n',
  )
  git(clone, 'init', '-q', '-b', 'main')
  git(clone, 'config', 'user.name', 'Ada Lovelace')
  git(clone, 'config', 'user.email', 'ada@example.org')
  git(clone, 'add', '-A')
  git(clone, 'commit', '-q', '-m', 'Manifests')
})

type World = {
  readonly api: Api
  readonly workspace: string
  readonly cluster: SandboxCluster
  readonly scope: { readonly workspace: string; readonly environment: string }
  /** The rollout as the controller would report it. */
  report(status: LiveObject, spec?: LiveObject): void
  rollout(): LiveObject
  until(isSo: (view: RolloutsView) => boolean, context?: string): Promise<RolloutsView>
}

const kind = 'argoproj.io/Rollout'
const manager = 'rollouts-controller'

/** A core, a sandbox cluster without controllers that has the rollout, and a decision that moved its image. */
async function withRollout(work: (world: World) => Promise<void>): Promise<void> {
  await using cluster = await serveCluster({ startAt: Date.parse('2026-11-20T10:00:00Z'), controllers: false })
  const kubeconfig = join(data, 'kubeconfig')
  mkdirSync(data, { recursive: true })
  await cluster.writeKubeconfig(kubeconfig, 'all')
  await using core = await createCore({ ...testHost(data), kubeconfigFiles: [kubeconfig] })
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory: clone })
  const scope = { workspace, environment: (await api.workspaces.environments({ workspace }))[0]!.id }
  const { world } = cluster.simulation
  world.create('/Namespace', { metadata: { name: 'shop' } }, manager)
  world.create(
    kind,
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        replicas: 2,
        template: { spec: image('2') },
        strategy: {
          canary: {
            stableService: 'cart',
            canaryService: 'cart-canary',
            steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }],
          },
        },
      },
    },
    manager,
  )
  const rollout = () => world.get(kind, 'shop', 'cart')!
  await work({
    api,
    workspace,
    cluster,
    scope,
    rollout,
    report: status => world.report(kind, rollout(), status, manager),
    async until(isSo, context) {
      const leaving = new AbortController()
      try {
        const stream = api.rollouts.watch(
          { ...scope, ...(context !== undefined && { context }) },
          { signal: leaving.signal },
        )
        for await (const view of stream) if (view.state === 'live' && isSo(view)) return view
      } finally {
        leaving.abort()
      }
      throw new Error('the rollouts ended')
    },
  })
}

async function decideImage(api: Api, workspace: string): Promise<string> {
  const outcome = await api.draft.publish({
    workspace,
    changeSetId: null,
    edits: [
      {
        kind: 'set-image',
        resource: { file: 'shop.yaml', kind: 'Rollout', namespace: 'shop', name: 'cart' },
        container: 'main',
        image: 'shop/cart:2',
      },
    ],
    title: 'cart 2',
    why: 'Faster.',
    kind: 'upgrade',
    target: { kind: 'current-branch' },
    push: false,
  })
  if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome))
  return outcome.commit
}

const paused: LiveObject = {
  phase: 'Paused',
  currentPodHash: 'bbb',
  stableRS: 'aaa',
  currentStepIndex: 1,
  pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-11-20T10:00:00Z' }],
  canary: { weights: { canary: { weight: 20 } } },
}

/** Waits for what an outcome is known by. */
async function resultsOf(
  api: Api,
  workspace: string,
  decision: string,
  isSo: (events: readonly ResultEvent[]) => boolean,
): Promise<readonly ResultEvent[]> {
  const leaving = new AbortController()
  try {
    for await (const events of api.decisions.results({ workspace, decision }, { signal: leaving.signal }))
      if (isSo(events)) return events
  } finally {
    leaving.abort()
  }
  throw new Error('the results ended')
}

test('a canary is seen on the graph, promoted with a reason, and its end is kept with the decision', async () => {
  await withRollout(async ({ api, workspace, scope, report, rollout, until, cluster }) => {
    const commit = await decideImage(api, workspace)
    report(paused)
    const view = await until(({ rollouts }) => rollouts[0]?.standing === 'waiting')
    expect(view.context).toMatchObject({ name: 'sandbox', sandbox: true })
    expect(view.engines).toContain('Rollout')
    expect(view.rollouts[0]).toMatchObject({
      id: 'Rollout/shop/cart',
      node: 'cart',
      nextWeight: 60,
      decision: { commit, title: 'cart 2' },
    })
    expect(view.splits).toEqual([
      { from: 'web', to: 'cart', kind: 'canary', weight: 20, next: 60, rollout: 'Rollout/shop/cart', moving: false },
    ])
    const offered = view.rollouts[0]!.actions.filter(({ where }) => where === 'cluster').map(({ action }) => action)
    expect(offered).toEqual(['promote', 'promote-full', 'pause', 'abort'])

    await api.rollouts.act({ ...scope, rollout: 'Rollout/shop/cart', action: 'promote', reason: 'Looks good.' })
    expect(rollout()['status']).not.toHaveProperty('pauseConditions')

    cluster.simulation.world.create(
      'argoproj.io/AnalysisRun',
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AnalysisRun',
        metadata: {
          name: 'cart-bbb-2',
          namespace: 'shop',
          labels: { 'rollouts-pod-template-hash': 'bbb', 'step-index': '1' },
          ownerReferences: [
            { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'cart', uid: uidOf(rollout()) },
          ],
        },
        spec: { metrics: [{ name: 'success-rate', successCondition: 'result[0] >= 0.95' }] },
        status: {
          phase: 'Failed',
          metricResults: [
            {
              name: 'success-rate',
              phase: 'Failed',
              measurements: [{ phase: 'Failed', value: '[0.61]', finishedAt: '2026-11-20T10:03:00Z' }],
            },
          ],
        },
      },
      manager,
    )
    report({
      phase: 'Degraded',
      abort: true,
      abortedAt: '2026-11-20T10:03:01Z',
      currentPodHash: 'bbb',
      stableRS: 'aaa',
    })
    const failed = await until(({ rollouts }) => rollouts[0]?.breach?.value === 0.61)
    expect(failed.rollouts[0]?.standing).toBe('failed')
    const events = await resultsOf(api, workspace, commit, all => all.some(({ breach }) => breach?.value === 0.61))
    expect(events.map(event => event.kind).sort()).toEqual(['action', 'delivered', 'rolled-back'])
    expect(events.find(event => event.kind === 'action')).toMatchObject({
      action: 'promote',
      reason: 'Looks good.',
      by: 'Ada Lovelace <ada@example.org>',
      sandbox: true,
    })
    expect(events.find(event => event.kind === 'rolled-back')?.breach).toMatchObject({
      metric: 'success-rate',
      value: 0.61,
      threshold: { min: 0.95 },
    })
    const leaving = new AbortController()
    for await (const page of api.decisions.log(
      { workspace, limit: 10, results: ['rolled-back'] },
      { signal: leaving.signal },
    )) {
      expect(page.items.map(({ id }) => id)).toEqual([commit])
      leaving.abort()
    }
  })
})

test('without the right nothing is offered, the right is named, and the server has the last word', async () => {
  await withRollout(async ({ api, scope, report, until, cluster }) => {
    report(paused)
    await api.clusters.allow({ context: 'developer' })
    const blind = await until(({ missing }) => missing.length > 0, 'developer')
    expect(blind.rollouts).toEqual([])
    expect(blind.missing[0]).toMatchObject({ verb: 'list', namespace: 'shop' })

    const { world } = cluster.simulation
    world.create(
      'rbac.authorization.k8s.io/Role',
      {
        metadata: { name: 'look', namespace: 'shop' },
        rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
      },
      manager,
    )
    world.create(
      'rbac.authorization.k8s.io/RoleBinding',
      {
        metadata: { name: 'look', namespace: 'shop' },
        roleRef: { kind: 'Role', name: 'look', apiGroup: 'rbac.authorization.k8s.io' },
        subjects: [{ kind: 'User', name: 'developer' }],
      },
      manager,
    )
    const view = await until(({ rollouts }) => rollouts.length > 0, 'developer')
    expect(view.rollouts[0]?.actions.find(({ action }) => action === 'abort')).toMatchObject({
      where: null,
      missing: [{ verb: 'patch', resource: 'rollouts/status.argoproj.io', namespace: 'shop' }],
    })
    await expect(
      api.rollouts.act({ ...scope, context: 'developer', rollout: 'Rollout/shop/cart', action: 'abort', reason: 'x' }),
    ).rejects.toMatchObject({ code: 'forbidden' })

    // Asked of the context alone: who may not look everywhere sees what is where they may, and what would show the rest.
    world.create(
      'rbac.authorization.k8s.io/ClusterRole',
      { metadata: { name: 'names' }, rules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }] },
      manager,
    )
    world.create(
      'rbac.authorization.k8s.io/ClusterRoleBinding',
      {
        metadata: { name: 'names' },
        roleRef: { kind: 'ClusterRole', name: 'names', apiGroup: 'rbac.authorization.k8s.io' },
        subjects: [{ kind: 'User', name: 'developer' }],
      },
      manager,
    )
    for await (const { rollouts, missing } of api.rollouts.watch({ context: 'developer' })) {
      if (rollouts.length === 0) continue
      expect(missing).toContainEqual({ verb: 'list', resource: 'rollouts.argoproj.io', namespace: null })
      break
    }
  })
})

test('a cluster that is gone leaves what was last seen, dated, with nothing to press; then it is live again', async () => {
  await withRollout(async ({ api, scope, report, cluster }) => {
    report(paused)
    const seen: string[] = []
    for await (const { state, rollouts, since, problem } of api.rollouts.watch(scope)) {
      const offered = rollouts[0]?.actions.some(({ where }) => where === 'cluster')
      if (seen.length === 0 && state === 'live' && offered) {
        seen.push('live')
        await cluster.faults.stop()
      } else if (seen.length === 1 && state === 'stale') {
        expect(rollouts[0]).toMatchObject({ id: 'Rollout/shop/cart', standing: 'waiting' })
        expect(offered).toBe(false)
        expect([typeof since, typeof problem?.key]).toEqual(['string', 'string'])
        seen.push('stale')
        await cluster.faults.start()
      } else if (seen.length === 2 && state === 'live' && offered) break
    }
    expect(seen).toEqual(['live', 'stale'])
  })
})

const uidOf = (object: LiveObject): string => {
  const { metadata } = object
  return typeof metadata === 'object' && metadata !== null && 'uid' in metadata ? String(metadata['uid']) : ''
}
