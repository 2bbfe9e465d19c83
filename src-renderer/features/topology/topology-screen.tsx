import { AlignHorizontalDistributeCenter, Boxes, Network, PanelRightOpen, Plus, Rows3, Workflow } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { isCancelled } from '../../../shared/errors.ts'
import type { TopologyView } from '../../../shared/topology/contract.ts'
import type { Environment } from '../../../shared/topology/topology.ts'
import {
  toAppError,
  useApi,
  useLive,
  useNavigation,
  usePaletteSource,
  useQuery,
  useShortcut,
} from '../../connection/index.ts'
import {
  Button,
  ContextMenu,
  EmptyState,
  ErrorState,
  Hidden,
  IconButton,
  LiveRegion,
  Segmented,
  SplitPane,
  useSay,
  useText,
  useToasts,
} from '../../design/index.ts'
import { LiveChip, useLiveView } from '../clusters/index.ts'
import { type MeasuredPicture, MetricsChip, useMeasured, useWatchBudgets } from '../metrics/index.ts'
import { LiveSplits } from './canvas/splits.tsx'
import { type CanvasHandle, type CanvasProps, TopologyCanvas } from './canvas/topology-canvas.tsx'
import { ClassFilter } from './class-filter.tsx'
import { AddServiceDialog } from './dialogs/add-service-dialog.tsx'
import { RemoveDialog } from './dialogs/remove-dialog.tsx'
import { RenameDialog } from './dialogs/rename-dialog.tsx'
import { ExportMenu } from './export/export-menu.tsx'
import { FindBox, type FindHandle } from './find-box.tsx'
import { FindingsButton } from './findings-button.tsx'
import { GroupMenu } from './group-menu.tsx'
import { Inspector, type InspectorTab, type OpenFile } from './inspector/inspector.tsx'
import { Legend, ofCommit } from './legend.tsx'
import { edgeId } from './model/drawn-graph.ts'
import { Notices } from './notices.tsx'
import { lineOf, type Picture, type Thing } from './picture.ts'
import { drawnEdge } from './picture-state.ts'
import { TopologyTable } from './table/topology-table.tsx'
import {
  CanvasContext,
  type DialogRequest,
  type TopologyActions,
  TopologyContext,
  usePicture,
  useTopology,
} from './topology-context.ts'
import styles from './topology-screen.module.css'
import { TopologySkeleton } from './topology-skeleton.tsx'
import { useNewPicture } from './use-new-picture.ts'
import { useThingMenu } from './use-thing-menu.ts'
import { ConnectLine } from './wiring/connect-handle.tsx'
import { useEdgeMenu } from './wiring/edge-actions.tsx'
import { ImpactPanel } from './wiring/impact-panel.tsx'
import { useImpactShown, useWiringShortcuts, WiringDialogs } from './wiring/wiring-parts.tsx'

/** The graph of one environment: now with the draft on it, or as it was at a commit. */
export function TopologyScreen() {
  const workspace = useNavigation(place => place.workspace)
  const environment = useNavigation(place => place.environment)
  if (workspace === null) return null
  if (environment === null) return <NoEnvironment workspace={workspace} />
  return <InEnvironment key={`${workspace} ${environment}`} workspace={workspace} environment={environment} />
}

/** The frame picks an environment as soon as it knows one; here is what to say until then, and when there is none. */
function NoEnvironment({ workspace }: { workspace: string }) {
  const text = useText()
  const api = useApi()
  const revision = useNavigation(place => place.revision)
  const { setWorkspace, setRevision } = useNavigation.getState()
  const asked = useQuery(api.workspaces.environments, { workspace, ...(revision === null ? {} : { revision }) })
  if (asked.status === 'failed' && asked.error)
    return <ErrorState error={asked.error} title={text('page.topologyFailed')} onRetry={asked.retry} />
  if (asked.value?.length !== 0) return <TopologySkeleton />
  return (
    <EmptyState
      icon={Network}
      sentence={text('page.topologyNoManifests')}
      action={
        revision === null ? (
          <Button onClick={() => setWorkspace(null)}>{text('page.topologyOpenOther')}</Button>
        ) : (
          <Button onClick={() => setRevision(null)}>{text('page.topologyBackToNow')}</Button>
        )
      }
    />
  )
}

function InEnvironment({ workspace, environment }: { workspace: string; environment: string }) {
  const text = useText()
  const api = useApi()
  const revision = useNavigation(place => place.revision)
  const live = useLive(api.topology.graph, { workspace, environment, ...(revision === null ? {} : { revision }) })
  // Another revision keeps the last picture until its own is there: nothing flashes, nothing moves.
  const last = useRef<TopologyView | null>(null)
  if (live.value) last.current = live.value
  const declared = live.value ?? last.current
  const measured = useMeasured(workspace, environment, revision, declared)
  useWatchBudgets(workspace, environment, revision)
  const view = measured.measured?.view ?? null
  const picture = usePictureOf(workspace, environment, declared, view)
  useEffect(() => picture?.markMeasured(measured.isStale), [picture, measured.isStale])

  if (live.status === 'failed' && live.error)
    return (
      <ErrorState
        error={live.error}
        title={text('page.topologyFailed')}
        onRetry={live.retry}
        action={
          revision !== null && (
            <Button onClick={() => useNavigation.getState().setRevision(null)}>{text('page.topologyBackToNow')}</Button>
          )
        }
      />
    )
  if (!view || !picture) return <TopologySkeleton />
  return (
    <LiveSplits workspace={workspace} environment={environment} skip={revision !== null}>
      <Screen
        picture={picture}
        workspace={workspace}
        environment={environment}
        revision={revision}
        view={view}
        measured={measured}
        loading={live.value === null}
        stale={live.status === 'stale' ? live.since : null}
      />
    </LiveSplits>
  )
}

/**
 * What the core says, drawn; null for a moment at the start. Places are made of what is declared, so that they are the
 * same whether or not something measured it; what was measured comes once they are there.
 */
function usePictureOf(
  workspace: string,
  environment: string,
  declared: TopologyView | null,
  measured: TopologyView | null,
): Picture | null {
  const picture = useNewPicture(workspace, environment)
  const shown = useRef<{ picture: Picture; view: TopologyView } | null>(null)
  useEffect(() => {
    if (!picture || !declared || !measured) return
    const show = (view: TopologyView) => {
      if (shown.current?.picture === picture && shown.current.view === view) return
      shown.current = { picture, view }
      picture.show(view)
    }
    if (picture.store.getState().positions) return show(measured)
    show(declared)
    const leave = picture.store.subscribe(({ positions }) => {
      if (!positions) return
      leave()
      show(measured)
    })
    return leave
  }, [picture, declared, measured])
  return picture
}

type ScreenProps = {
  readonly picture: Picture
  readonly workspace: string
  readonly environment: string
  readonly revision: string | null
  readonly view: TopologyView
  readonly measured: MeasuredPicture
  readonly loading: boolean
  readonly stale: number | null
}

function Screen({ picture, workspace, environment, revision, view, measured, loading, stale }: ScreenProps) {
  const text = useText()
  const say = useSay()
  const api = useApi()
  const toasts = useToasts()
  const selection = useNavigation(place => place.selection)
  const { setSelection } = useNavigation.getState()
  const [tab, setTab] = useState<InspectorTab>('overview')
  const [openFile, setOpenFile] = useState<OpenFile | null>(null)
  const [dialog, setDialog] = useState<DialogRequest | null>(null)
  const [inspecting, setInspecting] = useState(true)
  const [asTable, setAsTable] = useState(false)
  const canvas = useRef<CanvasHandle>(null)
  const find = useRef<FindHandle | null>(null)
  const screen = useRef<HTMLDivElement>(null)
  const narrow = useNarrow(screen)
  const readOnly = revision !== null
  const ready = useStore(picture.store, state => state.positions !== null)
  const nodeCount = useStore(picture.store, state => state.graph?.nodes.size ?? null)
  const drawnCount = useStore(picture.store, state => state.shown.nodes.size)
  const wholeGraph = useStore(picture.store, state => state.graph)

  const actions = useMemo<TopologyActions>(() => {
    const select = (thing: Thing | null) => {
      if (thing === null) return setSelection(null)
      setInspecting(true)
      if (thing.kind === 'node') return setSelection({ kind: 'node', id: thing.id })
      const edge = drawnEdge(picture.store.getState(), thing.id)
      if (edge) setSelection({ kind: 'edge', from: edge.from, to: edge.to, protocol: edge.protocols[0] ?? '' })
    }
    // A failure is told in a toast: an edit comes from a node, a key or a field, and nothing else waits for it.
    const attempt = async (command: () => Promise<void>) => {
      try {
        await command()
        return true
      } catch (thrown) {
        if (!isCancelled(thrown))
          toasts.show({ tone: 'danger', title: text('page.topologyEditFailed'), detail: say(toAppError(thrown)) })
        return false
      }
    }
    return {
      picture,
      workspace,
      environment,
      revision,
      readOnly,
      edit: (...edits) =>
        readOnly || edits.length === 0
          ? Promise.resolve(false)
          : attempt(() => api.draft.edit({ workspace, edits: [...edits] })),
      discard: (...ids) =>
        readOnly || ids.length === 0
          ? Promise.resolve(false)
          : attempt(() => api.draft.discard({ workspace, edits: [...ids] })),
      select,
      openManifest: (file, line) => {
        setInspecting(true)
        setOpenFile({ file, line })
        setTab('manifest')
      },
      openDialog: setDialog,
      ...(!readOnly && { rewire: request => setDialog({ kind: 'wire', request }) }),
    }
  }, [picture, workspace, environment, revision, readOnly, api, toasts, text, say, setSelection])

  const thing = useMemo<Thing | null>(
    () =>
      selection?.kind === 'node'
        ? { kind: 'node', id: selection.id }
        : selection?.kind === 'edge'
          ? { kind: 'edge', id: lineOf(selection) }
          : null,
    [selection],
  )
  useEffect(() => picture.select(thing), [picture, thing])
  const thingKey = thing && `${thing.kind} ${thing.id}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing has no use for the file opened from this one
  useEffect(() => setOpenFile(null), [thingKey])

  const jump = useCallback(
    (node: string) => {
      picture.want(node)
      actions.select({ kind: 'node', id: node })
      setAsTable(false)
      requestAnimationFrame(() => canvas.current?.show(node))
    },
    [picture, actions],
  )
  const leaveFind = () => canvas.current?.focus()
  const rearrange = async () => {
    const pins = picture.pins()
    const { back, done } = picture.rearrange()
    const showAll = () => requestAnimationFrame(() => canvas.current?.fit())
    void done.then(showAll)
    if (pins.length > 0)
      await actions.edit(...pins.map(node => ({ kind: 'set-position' as const, environment, node, position: null })))
    toasts.show({
      tone: 'info',
      title:
        pins.length > 0 ? text('page.topologyArranged', { count: pins.length }) : text('page.topologyArrangedAnew'),
      action: {
        label: text('page.topologyUndo'),
        run: () => {
          back()
          if (pins.length === 0) showAll()
          else
            void actions
              .edit(
                ...pins.map(node => ({
                  kind: 'set-position' as const,
                  environment,
                  node,
                  position: view.positions[node] ?? null,
                })),
              )
              .then(showAll)
        },
      },
    })
  }

  const free = useNotAfterG()
  useWiringShortcuts(actions, free)
  useImpactShown(picture, whole => {
    setAsTable(false)
    if (whole) requestAnimationFrame(() => canvas.current?.fit())
  })
  useShortcut('t', 'page.topologyToggleTable', () => setAsTable(was => !was), { when: free, icon: Rows3 })
  useShortcut('/', 'page.topologyFind', () => find.current?.open())
  useShortcut('$mod+f', 'page.topologyFind', () => find.current?.open(), { keyOnly: true })
  useShortcut('f', 'page.topologyFit', () => canvas.current?.fit(), { when: () => !asTable && free() })
  useShortcut('i', 'page.topologyToggleInspector', () => setInspecting(was => !was))
  useShortcut('a', 'page.topologyAddService', () => setDialog({ kind: 'add', like: null }), {
    when: () => !readOnly && free(),
    icon: Plus,
  })
  const groupHere = () => {
    const { active, groups } = picture.store.getState()
    return active === null ? undefined : groups.groups.has(active) ? active : groups.of.get(active)
  }
  useShortcut(
    'e',
    'scale.toggleGroup',
    () => {
      const group = groupHere()
      if (group === undefined) return
      picture.toggle(group)
      picture.activate(group)
      canvas.current?.focus()
    },
    { when: () => groupHere() !== undefined && free(), icon: Boxes },
  )
  const closedGroups = () => {
    const { groups, open } = picture.store.getState()
    return [...groups.groups.keys()].filter(id => !open.has(id))
  }
  useShortcut('Shift+e', 'scale.openAll', () => picture.toggle(...closedGroups()), {
    when: () => closedGroups().length > 0,
    icon: Boxes,
  })
  useShortcut('Escape', 'page.topologyClearSelection', () => setSelection(null), {
    when: () => useNavigation.getState().selection !== null,
    keyOnly: true,
  })
  useShortcut(null, 'page.topologyArrange', () => void rearrange(), {
    when: () => !readOnly,
    icon: AlignHorizontalDistributeCenter,
  })
  usePaletteSource(() =>
    [...(wholeGraph?.nodes.values() ?? [])].map(drawn => ({
      id: `node ${drawn.id}`,
      label: drawn.id,
      hint: drawn.node?.owner ?? drawn.node?.workload?.kind ?? '',
      group: 'page.topologyPaletteGroup',
      icon: Workflow,
      keywords: [drawn.kind, drawn.node?.technology ?? '', drawn.node?.file ?? ''],
      run: () => jump(drawn.id),
    })),
  )

  if (nodeCount === 0) return <EmptyEnvironment workspace={workspace} environment={environment} view={view} />
  return (
    <TopologyContext value={actions}>
      <CanvasContext value={actions}>
        <div
          ref={screen}
          className={styles['screen']}
          data-stale={stale !== null || undefined}
          aria-busy={loading || undefined}
        >
          <Running />
          <Hidden>
            <h1>{text('page.topologyTitle', { environment })}</h1>
          </Hidden>
          <SplitPane
            label={text('page.topologyInspectorWidth')}
            remember="topology-inspector"
            initial={360}
            min={300}
            max={720}
            minMain={320}
            main={
              <>
                <div className={styles['toolbar']} role="toolbar" aria-label={text('page.topologyToolbar')}>
                  <Segmented
                    label={text('page.topologyViewAs')}
                    size="small"
                    iconsOnly={narrow}
                    value={asTable ? 'table' : 'graph'}
                    onChange={value => setAsTable(value === 'table')}
                    options={[
                      { value: 'graph', label: text('page.topologyGraph'), icon: Network },
                      { value: 'table', label: text('page.topologyTable'), icon: Rows3 },
                    ]}
                  />
                  <FindBox handle={find} onFound={jump} onLeave={leaveFind} />
                  <span className={styles['gap']} />
                  <GroupMenu narrow={narrow} />
                  <LiveChip workspace={workspace} environment={environment} revision={revision} />
                  <MetricsChip picture={measured} />
                  {!asTable && <ClassFilter narrow={narrow} />}
                  <ExportMenu view={view} actions={actions} />
                  {!asTable && !readOnly && (
                    <IconButton
                      size="small"
                      icon={AlignHorizontalDistributeCenter}
                      label={text('page.topologyArrange')}
                      onClick={() => void rearrange()}
                    />
                  )}
                  {!readOnly &&
                    (narrow ? (
                      <IconButton
                        size="small"
                        icon={Plus}
                        label={text('page.topologyAddService')}
                        shortcut="a"
                        onClick={() => setDialog({ kind: 'add', like: null })}
                      />
                    ) : (
                      <Button size="small" icon={Plus} onClick={() => setDialog({ kind: 'add', like: null })}>
                        {text('page.topologyAddService')}
                      </Button>
                    ))}
                  {thing && !inspecting && (
                    <IconButton
                      size="small"
                      icon={PanelRightOpen}
                      label={text('page.topologyToggleInspector')}
                      shortcut="i"
                      onClick={() => setInspecting(true)}
                    />
                  )}
                </div>
                <Notices stale={stale} onTable={() => setAsTable(true)} />
                {asTable ? (
                  <TopologyTable />
                ) : ready ? (
                  <div className={styles['stage']}>
                    <CanvasWithMenu
                      label={text('page.topologyGraphLabel', { count: drawnCount })}
                      handle={canvas}
                      onInspect={() => {
                        setInspecting(true)
                        requestAnimationFrame(() => focusInspector(screen.current))
                      }}
                    />
                    <ImpactPanel />
                    <ConnectLine />
                    <div className={styles['corner']}>
                      <FindingsButton onJump={jump} />
                      <Legend {...(readOnly && { words: ofCommit })} />
                    </div>
                  </div>
                ) : (
                  <TopologySkeleton bar={false} />
                )}
                <Announcement />
              </>
            }
            side={
              thing !== null &&
              inspecting && (
                <Inspector
                  tab={tab}
                  onTab={next => {
                    setTab(next)
                    if (next !== 'manifest') setOpenFile(null)
                  }}
                  openFile={openFile}
                  onCloseFile={() => setOpenFile(null)}
                  onClose={() => setInspecting(false)}
                />
              )
            }
          />
        </div>
        {dialog?.kind === 'add' && <AddServiceDialog like={dialog.like} onClose={() => setDialog(null)} />}
        {dialog?.kind === 'remove' && <RemoveDialog id={dialog.id} view={view} onClose={() => setDialog(null)} />}
        {dialog?.kind === 'rename' && <RenameDialog id={dialog.id} onClose={() => setDialog(null)} />}
        <WiringDialogs dialog={dialog} onClose={() => setDialog(null)} />
      </CanvasContext>
    </TopologyContext>
  )
}

/** Brings what runs to the picture. Alone, since that changes all the time and the screen around it does not. */
function Running() {
  const { picture, workspace, environment, revision } = useTopology()
  const running = useLiveView(workspace, environment, revision)
  useEffect(
    () => picture.showLive(running?.nodes ?? [], running !== null && running.state !== 'live'),
    [picture, running],
  )
  return null
}

/** The canvas, and on it the menu of the node under the pointer or the focus. */
function CanvasWithMenu(props: CanvasProps) {
  const [menuFor, setMenuFor] = useState<string | null>(null)
  const [edgeFor, setEdgeFor] = useState<string | null>(null)
  const nodeMenu = useThingMenu(menuFor)
  const edgeMenu = useEdgeMenu(edgeFor)
  const lineUnder = (target: EventTarget) => {
    const line = target instanceof Element ? target.closest('[data-from][data-to]') : null
    return line && edgeId(line.getAttribute('data-from') ?? '', line.getAttribute('data-to') ?? '')
  }
  return (
    <ContextMenu items={edgeMenu.length > 0 ? edgeMenu : nodeMenu}>
      <div className={styles['stage']} onContextMenuCapture={event => setEdgeFor(lineUnder(event.target))}>
        <TopologyCanvas {...props} onMenu={setMenuFor} />
      </div>
    </ContextMenu>
  )
}

/** The size of the picture and what the draft makes of it, for who cannot see it. */
function Announcement() {
  const text = useText()
  const nodes = usePicture(state => state.graph?.nodes.size ?? 0)
  const changes = usePicture(state => state.graph?.changes)
  const count = changes ? changes.added + changes.removed + changes.changed : 0
  return <LiveRegion>{text('page.topologyAnnouncement', { nodes, count })}</LiveRegion>
}

function EmptyEnvironment({
  workspace,
  environment,
  view,
}: {
  workspace: string
  environment: string
  view: TopologyView
}) {
  const text = useText()
  const api = useApi()
  const { setWorkspace, setEnvironment } = useNavigation.getState()
  const others = useQuery(api.workspaces.environments, { workspace }).value ?? []
  const here = others.find(item => item.id === environment)
  const other: Environment | undefined = others.filter(item => item.id !== environment && item.workloads > 0)[0]
  const findings = view.base.findings.length
  return (
    <EmptyState
      icon={Network}
      sentence={
        findings > 0
          ? text('page.topologyEmptyBroken', { environment, count: findings })
          : here
            ? text('page.topologyEmptyFiles', { environment, count: here.files.length })
            : text('page.topologyEmpty', { environment })
      }
      action={
        other ? (
          <Button onClick={() => setEnvironment(other.id)}>
            {text('page.topologyShowEnvironment', { name: other.id })}
          </Button>
        ) : (
          <Button onClick={() => setWorkspace(null)}>{text('page.topologyOpenOther')}</Button>
        )
      }
    />
  )
}

function focusInspector(screen: HTMLElement | null): void {
  screen?.querySelector<HTMLElement>('[role="tablist"] [data-state="active"]')?.focus()
}

/** `g t` goes to this screen; its `t` must not also switch to the table. */
function useNotAfterG(): () => boolean {
  const last = useRef(0)
  useEffect(() => {
    const remember = (event: KeyboardEvent) => {
      if (event.key === 'g') last.current = event.timeStamp
    }
    window.addEventListener('keydown', remember, true)
    return () => window.removeEventListener('keydown', remember, true)
  }, [])
  return useCallback(() => performance.now() - last.current > 1000, [])
}

function useNarrow(screen: React.RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false)
  useEffect(() => {
    const main = screen.current?.querySelector('[role="toolbar"]')?.parentElement
    if (!main) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setNarrow(entry.contentRect.width < 1000)
    })
    observer.observe(main)
    return () => observer.disconnect()
  }, [screen])
  return narrow
}
