import type { Api } from '../../shared/contract/index.ts'
import type { DecisionSummary } from '../../shared/decisions/decision.ts'
import type { DraftEditView, DraftView } from '../../shared/draft/draft.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { AppError } from '../../shared/errors.ts'
import type { Question, Settings } from '../../shared/host/contract.ts'
import type { Locale } from '../../shared/messages/index.ts'
import type { MetricsView } from '../../shared/metrics/contract.ts'
import type { Position, TopologyView } from '../../shared/topology/contract.ts'
import type { Topology, TopologyDiff } from '../../shared/topology/topology.ts'
import type { RecentWorkspace, RepositoryLimit, SyncState, WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { fakeClusters } from './fake-clusters.ts'
import { fakeCompare } from './fake-compare.ts'
import { decisionDetail, decisionLog } from './fake-decisions.ts'
import { fakeDependencies } from './fake-dependencies.ts'
import { fakeEdge } from './fake-edge.ts'
import { fakeFleet } from './fake-fleet.ts'
import { fakeRollouts } from './fake-rollouts.ts'
import { fakeRules } from './fake-rules.ts'
import { baseTopology, environmentId, head, largeTopology, literal, manifest } from './fake-topology.ts'

/** What the made-up core is in the middle of. */
export const scenes = [
  'welcome',
  'welcome-first',
  'browse-folders',
  'open',
  'draft',
  'conflict',
  'loading',
  'failing',
  'empty',
  'limits',
  'read-only',
  'offline',
  'behind',
  'ahead',
  'no-remote',
  'cloning',
  'sandbox',
  'large',
  'ask-password',
  'ask-passphrase',
  'ask-host-key',
] as const
export type Scene = (typeof scenes)[number]

export type FakeOptions = { readonly scene: Scene; readonly theme: Settings['theme']; readonly locale: Locale }

const workspace = '0f3a9c5d7e1b2468'
const directory = '/home/ada/src/shop-deploy'
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const wait = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new AppError('cancelled', 'error.cancelled'))
    })
  })
const never = (signal?: AbortSignal) => wait(1e9, signal)

/** A value that streams: each reader gets it at once and again whenever it changes. */
class Changing<T> {
  readonly #listeners = new Set<() => void>()
  #value: T
  constructor(value: T) {
    this.#value = value
  }
  get value(): T {
    return this.#value
  }
  set(value: T): void {
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }
  async *stream(signal: AbortSignal | undefined): AsyncGenerator<T> {
    while (!signal?.aborted) {
      const given = this.#value
      yield given
      if (given !== this.#value) continue
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#listeners.delete(wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        this.#listeners.add(wake)
        signal?.addEventListener('abort', wake)
      })
    }
  }
}

async function* silence<T>(signal: AbortSignal | undefined, items: readonly T[] = []): AsyncGenerator<T> {
  yield* items
  await never(signal).catch(() => {})
}

type Step = readonly DraftEditView[]

export function fakeApi({ scene, theme, locale }: FakeOptions): Api {
  const broken = () => new AppError('unreachable', 'workspace.folderUnreadable', { directory })
  const atWelcome = ['welcome', 'welcome-first', 'browse-folders', 'cloning'].includes(scene)
  const base: Topology =
    scene === 'large'
      ? largeTopology(320)
      : scene === 'empty'
        ? { ...baseTopology, nodes: [], edges: [], findings: [] }
        : baseTopology

  const settings = new Changing<Settings>({ theme, locale, fetchMinutes: 5 })
  const questions = new Changing<readonly Question[]>(askedIn(scene))
  const recent = new Changing<readonly RecentWorkspace[]>(scene === 'welcome-first' ? [] : recentWorkspaces)
  const status = new Changing<WorkspaceStatus>(statusIn(scene))
  const draft = new Changing<Step>(scene === 'draft' || scene === 'conflict' ? startingDraft(scene) : [])
  const note = new Changing<DraftView['note']>({})
  const measured = new Changing<MetricsView>({ window: '5m', sources: [], observations: [] })
  const positions = new Changing<{ readonly [node: string]: Position }>({})
  let undo: readonly Step[] = []
  let redo: readonly Step[] = []

  const change = (next: Step) => {
    undo = [...undo, draft.value]
    redo = []
    draft.set(next)
  }
  const draftView = (edits: Step): DraftView => ({
    base: edits.length > 0 ? head : null,
    branch: 'main',
    rebased: scene === 'conflict',
    edits,
    files: [...new Set(edits.flatMap(each => each.changes.map(field => field.file)))].map(path => ({
      path,
      change: 'changed',
      additions: edits.filter(each => each.changes.some(field => field.file === path)).length,
      deletions: edits.filter(each => each.changes.some(field => field.file === path)).length,
    })),
    services: [...new Set(edits.flatMap(each => each.services))],
    canUndo: undo.length > 0,
    canRedo: redo.length > 0,
    gate: {
      verdict: edits.length > 0 ? 'warn' : 'pass',
      items:
        edits.length > 0
          ? [
              {
                rule: 'no-dangling-reference',
                verdict: 'warn',
                message: literal('payment names ledger (LEDGER_ADDR), and nothing in this environment answers to it.'),
                services: ['payment'],
                waivable: true,
              },
            ]
          : [],
    },
    changeSetId: edits.length > 0 ? `9f2c${edits.length}` : null,
    suggestedTitle: edits.length > 0 ? 'scale checkout to 5 replicas and 1 more' : '',
    suggestedKind: 'scale',
    note: note.value,
    dirty: scene === 'conflict' ? ['deploy/production/mail.yaml'] : [],
  })
  const topologyView = (): TopologyView => {
    const edits = draft.value.filter(each => each.edit.kind !== 'set-position')
    const after = edits.length > 0 ? edits.reduce((is, each) => withEdit(is, each.edit), base) : null
    return { base, draft: after, diff: differences(base, after ?? base), positions: positions.value }
  }
  async function* both<T>(signal: AbortSignal | undefined, make: () => T): AsyncGenerator<T> {
    const now = new Changing<T>(make())
    const abort = new AbortController()
    signal?.addEventListener('abort', () => abort.abort())
    for (const source of [draft, positions, note])
      void (async () => {
        for await (const _ of source.stream(abort.signal)) now.set(make())
      })()
    try {
      yield* now.stream(signal)
    } finally {
      abort.abort()
    }
  }

  async function answered<T>(value: T, signal?: AbortSignal): Promise<T> {
    if (scene === 'loading') await never(signal)
    if (scene === 'failing') throw broken()
    await wait(20, signal)
    return value
  }
  async function* kept<T>(signal: AbortSignal | undefined, make: () => AsyncIterable<T>): AsyncGenerator<T> {
    if (scene === 'loading') return yield* silence(signal)
    if (scene === 'failing') throw broken()
    yield* make()
  }

  const inProduction = ({ environment, context }: { environment: string; context: string }) =>
    ({ environment, context, sandbox: false }) as const

  return {
    workspaces: {
      recent: (_, call) => recent.stream(call?.signal),
      forget: async input => recent.set(recent.value.filter(each => each.directory !== input.directory)),
      open: async input => {
        await wait(200)
        if (input.directory.includes('gone'))
          throw new AppError('not-found', 'workspace.folderUnreadable', { directory: input.directory })
        return { workspace, directory: input.directory }
      },
      clone: async function* (input, call) {
        const phases = ['transport.phasePreparing', 'transport.phaseReceiving', 'transport.phaseResolving'] as const
        for (const phase of phases)
          for (let done = 0; done <= 100; done += 5) {
            yield {
              kind: 'progress',
              phase,
              done: done * 127,
              total: phase === 'transport.phasePreparing' ? null : 12_700,
            }
            if (scene === 'cloning' && phase === 'transport.phaseReceiving' && done === 60) await never(call?.signal)
            await wait(40, call?.signal)
          }
        yield { kind: 'cloned', workspace, directory: input.directory }
      },
      status: (_, call) => kept(call?.signal, () => status.stream(call?.signal)),
      environments: (_, call) =>
        answered(
          scene === 'empty'
            ? []
            : ['deploy/production', 'deploy/staging', 'deploy/edge/zurich', 'examples/minimal'].map((id, index) => ({
                id,
                kind: 'folder' as const,
                path: id,
                files: baseTopology.nodes.map(each => `${id}/${each.id}.yaml`),
                workloads: [13, 12, 4, 1][index] ?? 1,
              })),
          call?.signal,
        ),
      revisions: (_, call) =>
        answered(
          [
            { name: 'main', kind: 'branch' as const, commit: head, current: true },
            {
              name: 'scale/checkout-for-the-sale',
              kind: 'branch' as const,
              commit: decisionLog[2]!.id,
              current: false,
            },
            { name: 'origin/main', kind: 'remote-branch' as const, commit: head, current: false },
            { name: 'v2026.11', kind: 'tag' as const, commit: decisionLog[4]!.id, current: false },
            { name: 'v2026.10', kind: 'tag' as const, commit: decisionLog[9]!.id, current: false },
          ],
          call?.signal,
        ),
      file: (input, call) => answered({ text: textOf(base, input.path), lfs: false }, call?.signal),
      fetch: async (_, call) => {
        await wait(900, call?.signal)
        const sync: SyncState = { kind: 'known', ahead: aheadOf(status.value), behind: 0, fetchedAt: minutesAgo(0) }
        status.set({ ...status.value, sync })
        return sync
      },
      push: async (_, call) => {
        await wait(1200, call?.signal)
        const commits = aheadOf(status.value)
        status.set({ ...status.value, sync: { kind: 'known', ahead: 0, behind: 0, fetchedAt: minutesAgo(0) } })
        return commits > 0 ? { kind: 'pushed', commits } : { kind: 'nothing-to-push' }
      },
      update: async (_, call) => {
        await wait(900, call?.signal)
        status.set({ ...status.value, sync: { kind: 'known', ahead: 0, behind: 0, fetchedAt: minutesAgo(0) } })
        return { kind: 'updated', commit: head, replayed: 1 }
      },
    },
    topology: {
      graph: (input, call) =>
        kept(call?.signal, () =>
          input.revision === undefined
            ? both(call?.signal, topologyView)
            : silence(call?.signal, [olderView(base, input.revision)]),
        ),
      diff: (_, call) => {
        const older = olderView(base, 'before')
        return answered({ from: older.base, to: base, diff: differences(older.base, base) }, call?.signal)
      },
      export: (input, call) =>
        answered(
          { text: input.format === 'json' ? JSON.stringify(base, null, 2) : `${input.format} of ${base.environment}` },
          call?.signal,
        ),
    },
    delivery: {
      follow: (input, call) =>
        kept(call?.signal, () =>
          silence(call?.signal, [{ ...inProduction(input), revision: head, members: [], stale: null, problems: [] }]),
        ),
      act: async () => {},
      suspend: async () => ({ decision: null, problem: null }),
      resume: async () => ({ decision: null, problem: null }),
      deliver: (_, call) => silence(call?.signal),
    },
    drift: {
      check: (input, call) =>
        answered(
          {
            ...inProduction(input),
            revision: head,
            asOf: minutesAgo(0),
            counts: { same: 0, changed: 0, missing: 0, extra: 0, unknown: 0 },
            objects: [],
            notes: [],
          },
          call?.signal,
        ),
      adopt: async () => ({ edits: 0, refused: [] }),
      reapply: async () => ({ resolved: [], after: [] }),
    },
    draft: {
      view: (_, call) => kept(call?.signal, () => both(call?.signal, () => draftView(draft.value))),
      edit: async input => {
        await wait(30)
        const moved = input.edits.flatMap(edit =>
          edit.kind === 'set-position' && edit.position ? [[edit.node, edit.position] as const] : [],
        )
        if (moved.length > 0) positions.set({ ...positions.value, ...Object.fromEntries(moved) })
        const added = input.edits.map((edit, index) => viewOf(edit, base, `${Date.now()}-${index}`))
        const replaced = new Set(added.map(each => each.changes[0]?.field))
        change([...draft.value.filter(each => !replaced.has(each.changes[0]?.field)), ...added])
      },
      undo: async () => {
        const previous = undo.at(-1)
        if (!previous) return
        redo = [...redo, draft.value]
        undo = undo.slice(0, -1)
        draft.set(previous)
      },
      redo: async () => {
        const next = redo.at(-1)
        if (!next) return
        undo = [...undo, draft.value]
        redo = redo.slice(0, -1)
        draft.set(next)
      },
      discard: async input => change(input.edits ? draft.value.filter(each => !input.edits?.includes(each.id)) : []),
      write: async () => {},
      note: async input => note.set({ ...note.value, ...defined(input.note) }),
      file: (input, call) =>
        answered(
          {
            before: textOf(base, input.path),
            after: textOf(
              draft.value.reduce((is, each) => withEdit(is, each.edit), base),
              input.path,
            ),
          },
          call?.signal,
        ),
      planRevert: (input, call) =>
        answered(
          {
            edits: [],
            conflicts:
              scene === 'conflict'
                ? [
                    {
                      field: 'Deployment/checkout spec.replicas',
                      file: `${environmentId}/checkout.yaml`,
                      line: 10,
                      base: '5',
                      ours: '3',
                      theirs: '6',
                    },
                  ]
                : [],
            reverts: input.decision,
            title: 'revert: scale checkout 3 → 5',
            services: ['checkout'],
          },
          call?.signal,
        ),
      publish: async (input, call) => {
        await wait(700, call?.signal)
        if (scene === 'conflict')
          return {
            kind: 'conflict',
            conflicts: [
              {
                editId: draft.value[0]?.id ?? '',
                field: 'Deployment/checkout spec.replicas',
                file: `${environmentId}/checkout.yaml`,
                line: 10,
                base: '3',
                ours: '5',
                theirs: '4',
              },
            ],
          }
        undo = []
        draft.set([])
        status.set({
          ...status.value,
          sync: { kind: 'known', ahead: input.push ? 0 : 1, behind: 0, fetchedAt: minutesAgo(2) },
        })
        return {
          kind: 'published',
          commit: 'c0ffee1234567890c0ffee1234567890c0ffee12',
          branch: input.target.kind === 'new-branch' ? input.target.name : 'main',
          record: 'decisions/2026-11-20-scale-checkout-to-5-replicas-k2f9/',
          pushed: input.push ? 'pushed' : 'not-asked',
          replayed: false,
          compareUrl:
            input.target.kind === 'new-branch' ? 'https://github.com/acme/shop-deploy/compare/main...x' : null,
        }
      },
      outcomeOf: (_, call) => answered(null, call?.signal),
      preview: (input, call) => {
        const edits = input.edits.map((edit, index) => viewOf(edit, base, String(index)))
        return answered({ view: draftView(edits), files: [] }, call?.signal)
      },
      planPromotion: (input, call) =>
        answered(
          {
            rows: [
              {
                object: 'Deployment/checkout',
                field: 'spec.replicas',
                was: '3',
                there: '4',
                next: '5',
                state: 'change',
              },
            ],
            edits: [],
            promotes: input.decision,
            title: 'promote',
            kind: 'scale',
            services: ['checkout'],
            from: environmentId,
            to: input.to,
          },
          call?.signal,
        ),
      judge: (_, call) => answered([], call?.signal),
    },
    metrics: {
      watch: (_, call) => measured.stream(call?.signal),
      async *budgets(_, call) {
        yield await answered([], call?.signal)
      },
      refresh: async () => {},
      allow: async () => {},
      add: async () => ({ source: '' }),
      remove: async () => {},
    },
    clusters: fakeClusters(silence),
    rollouts: fakeRollouts(silence),
    wiring: {
      plan: async () => ({ offers: [], beyond: [], notes: [] }),
      foresee: async () => ({ edits: [], files: [], environments: [] }),
      sketch: async () => ({ edits: [], known: [], unmatched: [], problems: [] }),
    },
    dependencies: fakeDependencies(answered, scene === 'empty'),
    edge: fakeEdge(never),
    fleet: fakeFleet(never),
    compare: fakeCompare(baseTopology),
    rules: fakeRules(answered),
    decisions: {
      document: (input, call) =>
        answered({ name: `decision.${input.format}`, text: String(input.decisions) }, call?.signal),
      audit: async function* () {
        yield ''
      },
      results: async function* () {
        yield []
      },
      chain: (_, call) => answered([], call?.signal),
      log: (input, call) =>
        kept(call?.signal, () => {
          const words = (input.text ?? '').toLowerCase()
          const matching = decisionLog.filter(
            each =>
              `${each.title} ${each.why}`.toLowerCase().includes(words) &&
              (!input.service || each.services.includes(input.service)) &&
              (!input.decisionsOnly || each.kind !== 'commit'),
          )
          const from = input.before ? matching.findIndex(each => each.id === input.before) + 1 : 0
          const items: readonly DecisionSummary[] = scene === 'empty' ? [] : matching.slice(from, from + input.limit)
          const more = from + input.limit < matching.length
          return silence(call?.signal, [{ items, next: more ? (items.at(-1)?.id ?? null) : null }])
        }),
      show: (input, call) => {
        const found = decisionLog.find(each => each.id.startsWith(input.decision) || each.decisionId === input.decision)
        const named = ['main', 'HEAD', head].includes(input.decision) ? decisionLog[0] : undefined
        const tagged = input.decision.startsWith('v2026') ? decisionLog[4] : undefined
        const summary = found ?? named ?? tagged
        if (!summary) throw new AppError('not-found', 'workspace.notOpen')
        return answered(decisionDetail(summary), call?.signal)
      },
      file: (input, call) => {
        const before = textOf(base, input.path)
        return answered({ before, after: before?.replace('replicas: 3', 'replicas: 4') ?? null }, call?.signal)
      },
    },
    host: {
      describe: async () => ({
        version: '0.1.0',
        canPickFolder: scene === 'welcome' || scene === 'welcome-first',
        canKeepSecrets: true,
        home: '/home/ada',
        directory: atWelcome ? null : directory,
        sandbox: scene === 'sandbox',
      }),
      pickFolder: async () => ({ directory }),
      folders: async input => {
        await wait(60)
        if (input.directory.includes('secret'))
          throw new AppError('unauthorized', 'workspace.folderUnreadable', { directory: input.directory })
        const parts = input.directory.split('/').filter(Boolean)
        return {
          directory: `/${parts.join('/')}`,
          parent: parts.length > 0 ? `/${parts.slice(0, -1).join('/')}` : null,
          entries: [
            ['archive', false],
            ['edge-sites', true],
            ['notes', false],
            ['secret', false],
            ['shop-deploy', true],
            ['src', false],
            ['terraform', true],
          ].map(([name, repository]) => ({ name: String(name), repository: repository === true })),
        }
      },
      openExternal: async () => {},
      questions: (_, call) => questions.stream(call?.signal),
      answer: async input => {
        await wait(200)
        questions.set(questions.value.filter(each => each.id !== input.id))
      },
      settings: (_, call) => settings.stream(call?.signal),
      changeSettings: async input => settings.set({ ...settings.value, ...defined(input) }),
      notices: (_, call) => silence(call?.signal),
    },
  }
}

/** Drops what was not said, so that it does not erase what is there. */
const defined = <T extends object>(partial: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(partial).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

const aheadOf = (status: WorkspaceStatus) => (status.sync.kind === 'no-remote' ? 0 : status.sync.ahead)

const recentWorkspaces: readonly RecentWorkspace[] = [
  { directory, name: 'shop-deploy', openedAt: minutesAgo(12), missing: false, sandbox: false },
  {
    directory: '/home/ada/src/edge-sites',
    name: 'edge-sites',
    openedAt: minutesAgo(60 * 26),
    missing: false,
    sandbox: false,
  },
  {
    directory: '/tmp/pilothouse-demo/payments',
    name: 'payments',
    openedAt: minutesAgo(60 * 24 * 6),
    missing: false,
    sandbox: true,
  },
  { directory: '/media/usb/gone', name: 'gone', openedAt: minutesAgo(60 * 24 * 40), missing: true, sandbox: false },
]

function askedIn(scene: Scene): readonly Question[] {
  if (scene === 'ask-password') return [{ id: '1', kind: 'password', host: 'https://git.example.com', username: 'ada' }]
  if (scene === 'ask-passphrase') return [{ id: '2', kind: 'passphrase', key: '/home/ada/.ssh/id_ed25519' }]
  if (scene === 'ask-host-key')
    return [
      {
        id: '3',
        kind: 'host-key',
        host: 'git.example.com',
        algorithm: 'ssh-ed25519',
        fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BrSPqXCxKRwdzKk3bTFEq3S0',
      },
    ]
  return []
}

function statusIn(scene: Scene): WorkspaceStatus {
  const limits: { readonly [scene in Scene]?: readonly RepositoryLimit[] } = {
    limits: [
      { trait: 'dirty', effect: 'commit-to-branch', message: literal('3 files have changes that are not committed.') },
      {
        trait: 'shallow',
        effect: 'none',
        message: literal(
          'This clone has only the last 50 commits, so older decisions are not listed. `git fetch --unshallow` brings them.',
        ),
      },
      { trait: 'submodules', effect: 'none', message: literal('2 submodules are not read.') },
    ],
    'read-only': [
      {
        trait: 'sha256',
        effect: 'read-only',
        message: literal(
          'This repository uses SHA-256 object ids, which cannot be written here yet. Everything can be looked at.',
        ),
      },
    ],
  }
  const sync: { readonly [scene in Scene]?: SyncState } = {
    offline: {
      kind: 'offline',
      ahead: 2,
      behind: 0,
      fetchedAt: minutesAgo(140),
      reason: literal('git.example.com does not answer (no route to host).'),
    },
    behind: { kind: 'known', ahead: 1, behind: 3, fetchedAt: minutesAgo(1) },
    ahead: { kind: 'known', ahead: 2, behind: 0, fetchedAt: minutesAgo(4) },
    'no-remote': { kind: 'no-remote' },
  }
  return {
    workspace,
    name: scene === 'sandbox' ? 'payments' : 'shop-deploy',
    directory,
    sandbox: scene === 'sandbox',
    branch: 'main',
    head,
    remote: scene === 'no-remote' ? null : { name: 'origin', url: 'ssh://git@git.example.com/acme/shop-deploy.git' },
    sync: sync[scene] ?? { kind: 'known', ahead: 0, behind: 0, fetchedAt: minutesAgo(2) },
    limits: limits[scene] ?? [],
    identity: { name: 'Ada Lovelace', email: 'ada@example.com' },
    signing: 'ssh',
  }
}

function viewOf(edit: Edit, base: Topology, id: string): DraftEditView {
  const resource = 'resource' in edit ? edit.resource : 'like' in edit ? edit.like : null
  const service = resource?.name ?? ('file' in edit ? edit.file : edit.kind === 'set-position' ? edit.node : '')
  const before = base.nodes.find(each => each.id === service)
  const field = (path: string, was: string | undefined, is: string | undefined) => [
    {
      file: resource?.file ?? `${environmentId}/${service}.yaml`,
      line: 10,
      field: `${resource?.kind ?? 'Deployment'}/${service} ${path}`,
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is }),
    },
  ]
  const shared = { id, edit, services: [service], state: 'applied' as const }
  switch (edit.kind) {
    case 'set-replicas':
      return {
        ...shared,
        summary: literal(`Scale ${service} from ${before?.replicas ?? 1} to ${edit.replicas} replicas`),
        changes: field('spec.replicas', String(before?.replicas ?? 1), String(edit.replicas)),
      }
    case 'set-image': {
      const was = before?.containers?.find(each => each.name === edit.container)?.image
      return {
        ...shared,
        summary: literal(`Image of ${service}: ${was?.split(':').at(-1)} → ${edit.image.split(':').at(-1)}`),
        changes: field(`spec.template.spec.containers[${edit.container}].image`, was, edit.image),
      }
    }
    case 'set-env':
      return {
        ...shared,
        summary: literal(`${edit.value === null ? 'Remove' : 'Set'} ${edit.name} of ${service}`),
        changes: field(
          `env ${edit.name}`,
          undefined,
          edit.value && 'value' in edit.value ? edit.value.value : undefined,
        ),
      }
    case 'set-position':
      return { ...shared, summary: literal(`Move ${edit.node}`), changes: [] }
    default:
      return { ...shared, summary: literal(`${edit.kind} ${service}`), changes: field(edit.kind, undefined, undefined) }
  }
}

function startingDraft(scene: Scene): Step {
  const checkout = baseTopology.nodes.find(each => each.id === 'checkout')!.resource!
  const catalog = baseTopology.nodes.find(each => each.id === 'catalog')!.resource!
  const first = viewOf({ kind: 'set-replicas', resource: checkout, replicas: 5 }, baseTopology, 'e1')
  const second = viewOf(
    { kind: 'set-image', resource: catalog, container: 'catalog', image: 'registry.example.com/shop/catalog:v4.3.0' },
    baseTopology,
    'e2',
  )
  const third = viewOf(
    { kind: 'set-env', resource: checkout, container: 'checkout', name: 'FRAUD_ADDR', value: { value: 'fraud:9090' } },
    baseTopology,
    'e3',
  )
  if (scene !== 'conflict') return [first, second, third]
  return [
    { ...first, state: 'conflict', reason: literal('The branch changed spec.replicas to 4 since this edit was made.') },
    second,
    { ...third, state: 'refused', reason: literal('The container checkout is not there any more.') },
  ]
}

function withEdit(topology: Topology, edit: Edit): Topology {
  const resource = 'resource' in edit ? edit.resource : null
  return {
    ...topology,
    nodes: topology.nodes.flatMap(node => {
      if (!resource || node.resource?.name !== resource.name) return [node]
      if (edit.kind === 'set-replicas') return [{ ...node, replicas: edit.replicas }]
      if (edit.kind === 'remove-service') return []
      if (edit.kind === 'set-image')
        return [
          {
            ...node,
            containers: (node.containers ?? []).map(each =>
              each.name === edit.container ? { ...each, image: edit.image } : each,
            ),
          },
        ]
      if (edit.kind === 'set-env') {
        const { name, value } = edit
        const given = value && 'value' in value ? value.value : ''
        return [
          {
            ...node,
            containers: (node.containers ?? []).map(each => ({
              ...each,
              env: [
                ...each.env.filter(variable => variable.name !== name),
                ...(value ? [{ name, value: given, line: 36 }] : []),
              ],
            })),
          },
        ]
      }
      return [node]
    }),
    edges:
      edit.kind === 'remove-service'
        ? topology.edges.filter(each => each.from !== resource?.name && each.to !== resource?.name)
        : topology.edges,
  }
}

function differences(before: Topology, after: Topology): TopologyDiff {
  const nodes: TopologyDiff['nodes'][number][] = []
  for (const was of before.nodes) {
    const is = after.nodes.find(each => each.id === was.id)
    if (!is) {
      nodes.push({ id: was.id, change: 'removed', fields: [] })
      continue
    }
    const fields: { field: string; before?: string; after?: string }[] = []
    if (is.replicas !== was.replicas)
      fields.push({ field: 'replicas', before: String(was.replicas), after: String(is.replicas) })
    const images = [was.containers?.[0]?.image, is.containers?.[0]?.image] as const
    if (images[0] && images[1] && images[0] !== images[1])
      fields.push({ field: `image ${was.id}`, before: images[0], after: images[1] })
    const variables = [was.containers?.[0]?.env ?? [], is.containers?.[0]?.env ?? []] as const
    for (const variable of variables[1])
      if (!variables[0].some(each => each.name === variable.name))
        fields.push({ field: `env ${variable.name}`, after: variable.value ?? '' })
    if (fields.length > 0) nodes.push({ id: was.id, change: 'changed', fields })
  }
  for (const is of after.nodes)
    if (!before.nodes.some(each => each.id === is.id)) nodes.push({ id: is.id, change: 'added', fields: [] })
  const same = (a: Topology['edges'][number], b: Topology['edges'][number]) =>
    a.from === b.from && a.to === b.to && a.protocol === b.protocol
  const edges = [
    ...before.edges
      .filter(was => !after.edges.some(is => same(is, was)))
      .map(each => ({ ...each, change: 'removed' as const })),
    ...after.edges
      .filter(is => !before.edges.some(was => same(was, is)))
      .map(each => ({ ...each, change: 'added' as const })),
  ].map(({ from, to, protocol, change }) => ({ from, to, protocol, change }))
  return { nodes, edges }
}

/** The graph of an older commit: without recommendation, and checkout smaller. */
function olderView(base: Topology, revision: string): TopologyView {
  const older: Topology = {
    ...base,
    revision,
    nodes: base.nodes
      .filter(each => each.id !== 'recommendation')
      .map(each => (each.id === 'checkout' ? { ...each, replicas: 2 } : each)),
    edges: base.edges.filter(each => each.from !== 'recommendation' && each.to !== 'recommendation'),
  }
  const before: Topology = {
    ...older,
    nodes: older.nodes.map(each => (each.id === 'checkout' ? { ...each, replicas: 1 } : each)),
  }
  return { base: older, draft: null, diff: differences(before, older), positions: {} }
}

function textOf(topology: Topology, path: string): string | null {
  const node = topology.nodes.find(each => each.file === path)
  return node ? manifest(node, node.replicas) : null
}
