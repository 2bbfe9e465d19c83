import { ArrowRight, Ellipsis } from 'lucide-react'
import { useMemo } from 'react'
import { EmptyState, IconButton, Menu, Panel, Tabs, useText } from '../../../design/index.ts'
import { LiveTab } from '../../clusters/index.ts'
import { KindGlyph } from '../canvas/kind-glyph.tsx'
import { useGroupName } from '../group-name.ts'
import type { DrawnEdge, DrawnNode } from '../model/drawn-graph.ts'
import { kindWords } from '../model/words.ts'
import { drawnEdge } from '../picture-state.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import { useThingMenu } from '../use-thing-menu.ts'
import { DependenciesTab, EdgePartFacts } from './dependencies-tab.tsx'
import { EdgeVerdict } from './edge-verdict.tsx'
import { GroupInspector, RolledUp } from './group-inspector.tsx'
import { HistoryTab } from './history-tab.tsx'
import styles from './inspector.module.css'
import { InspectorHead } from './inspector-head.tsx'
import { ManifestTab } from './manifest-tab.tsx'
import { Overview } from './overview.tsx'

export type InspectorTab = 'overview' | 'manifest' | 'dependencies' | 'live' | 'history'
export type OpenFile = { readonly file: string; readonly line: number | null }

type Props = {
  tab: InspectorTab
  onTab(tab: InspectorTab): void
  /** A file other than the node's own, opened from evidence. */
  openFile: OpenFile | null
  onCloseFile(): void
  onClose(): void
}

/** Everything about the selected thing, and the forms that change it. */
export function Inspector(props: Props) {
  const text = useText()
  const node = usePicture(state =>
    state.selected?.kind === 'node' ? state.graph?.nodes.get(state.selected.id) : undefined,
  )
  const edge = usePicture(state => (state.selected?.kind === 'edge' ? drawnEdge(state, state.selected.id) : undefined))
  const group = usePicture(state =>
    state.selected?.kind === 'node' ? state.groups.groups.get(state.selected.id) : undefined,
  )
  return (
    <Panel label={text('page.topologyInspector')} className={styles['inspector'] ?? ''}>
      {group ? (
        <GroupInspector key={group.id} group={group} onClose={props.onClose} />
      ) : node ? (
        <NodeInspector key={node.id} drawn={node} {...props} />
      ) : edge ? (
        <EdgeInspector edge={edge} {...props} />
      ) : (
        <EmptyState compact sentence={text('page.topologyGone')} />
      )}
    </Panel>
  )
}

function NodeInspector({ drawn, tab, onTab, openFile, onCloseFile, onClose }: Props & { drawn: DrawnNode }) {
  const text = useText()
  const { workspace, environment, revision } = useTopology()
  const menu = useThingMenu(drawn.id)
  const edges = usePicture(state => state.graph?.edges)
  const dependencies = useMemo(
    () => [...(edges?.values() ?? [])].filter(edge => edge.from === drawn.id || edge.to === drawn.id).length,
    [edges, drawn.id],
  )
  const own = drawn.node?.file ?? null
  return (
    <>
      <InspectorHead
        glyph={<KindGlyph kind={drawn.kind} technology={drawn.node?.technology} />}
        title={drawn.id}
        name={drawn.id}
        about={[text(kindWords[drawn.kind]), drawn.node?.workload?.kind].filter(Boolean).join(' · ')}
        change={drawn.change}
        actions={
          <Menu items={menu.slice(1)} align="end">
            <IconButton icon={Ellipsis} label={text('page.topologyActions')} />
          </Menu>
        }
        onClose={onClose}
      />
      <Tabs
        className={styles['tabs'] ?? ''}
        label={text('page.topologyInspector')}
        value={tab === 'live' && !drawn.node?.workload ? 'overview' : tab}
        onChange={onTab}
        tabs={[
          { value: 'overview', label: text('page.topologyOverview'), content: <Overview drawn={drawn} /> },
          {
            value: 'manifest',
            label: text('page.topologyManifest'),
            content: (
              <ManifestTab
                file={openFile?.file ?? own}
                line={openFile ? openFile.line : (drawn.node?.line ?? null)}
                own={own}
                onClose={onCloseFile}
              />
            ),
          },
          {
            value: 'dependencies',
            label: text('page.topologyDependencies'),
            count: dependencies,
            content: <DependenciesTab id={drawn.id} />,
          },
          ...(drawn.node?.workload
            ? [
                {
                  value: 'live' as const,
                  label: text('live.tab'),
                  content: (
                    <LiveTab workspace={workspace} environment={environment} revision={revision} node={drawn.id} />
                  ),
                },
              ]
            : []),
          { value: 'history', label: text('page.topologyHistory'), content: <HistoryTab id={drawn.id} /> },
        ]}
      />
    </>
  )
}

function EdgeInspector({ edge, tab, onTab, openFile, onCloseFile, onClose }: Props & { edge: DrawnEdge }) {
  const text = useText()
  const file =
    openFile?.file ?? edge.parts.flatMap(part => part.edge.evidence.flatMap(item => item.file ?? []))[0] ?? null
  const groups = usePicture(state => state.groups.groups)
  const nameOf = useGroupName()
  const endName = (id: string) => {
    const group = groups.get(id)
    return group ? nameOf(group) : id
  }
  return (
    <>
      <InspectorHead
        name={
          <>
            {endName(edge.from)}{' '}
            <ArrowRight
              aria-label={text('page.topologyCallsWord')}
              style={{ width: 14, height: 14, verticalAlign: -2 }}
            />{' '}
            {endName(edge.to)}
          </>
        }
        about={text('page.topologyDependency')}
        change={edge.change}
        onClose={onClose}
      />
      <Tabs
        className={styles['tabs'] ?? ''}
        label={text('page.topologyInspector')}
        value={tab === 'manifest' ? 'manifest' : 'overview'}
        onChange={onTab}
        tabs={[
          {
            value: 'overview',
            label: text('page.topologyEvidence'),
            count: edge.parts.reduce((sum, part) => sum + part.edge.evidence.length, 0),
            content: (
              <div className={styles['list']}>
                {edge.rolled === undefined ? <EdgeVerdict edge={edge} /> : <RolledUp edge={edge} />}
                {(edge.rolled === undefined ? edge.parts : []).map(part => (
                  <div key={part.edge.protocol} className={styles['item']}>
                    <EdgePartFacts part={part} dangling={edge.dangling} />
                  </div>
                ))}
              </div>
            ),
          },
          {
            value: 'manifest',
            label: text('page.topologyManifest'),
            content: <ManifestTab file={file} line={openFile?.line ?? null} own={file} onClose={onCloseFile} />,
          },
        ]}
      />
    </>
  )
}
