import { ArrowLeftRight, GitCompareArrows } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { type Between, type PointView, parts } from '../../../shared/compare/contract.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { type Live, useApi, useLive, useNavigation, useShortcut } from '../../connection/index.ts'
import {
  Badge,
  Callout,
  EmptyState,
  ErrorState,
  IconButton,
  LoadingRows,
  Screen,
  ScreenHead,
  type Tab,
  Tabs,
  useFormat,
  useText,
} from '../../design/index.ts'
import styles from './compare.module.css'
import { type CompareTab, compareTabs, type Points } from './compare-tabs.ts'
import { DependenciesTab } from './dependencies-tab.tsx'
import { ManifestsTab } from './manifests-tab.tsx'
import { PointPicker } from './point-picker.tsx'
import { PointSlider } from './point-slider.tsx'
import { RulesTab } from './rules-tab.tsx'
import { TopologyTab } from './topology-tab.tsx'
import { useMakers } from './use-makers.ts'

/** Any two points, side by side in every part. */
export function CompareScreen() {
  const workspace = useNavigation(place => place.workspace)
  return workspace === null ? null : <Compare key={workspace} workspace={workspace} />
}

/** Kept while points are changed: who compares manifests goes on with manifests. */
let lastTab: string = 'topology'
/** Edges of a set that a drawing may need. */
const mostEdges = 20_000

function Compare({ workspace }: { workspace: WorkspaceId }) {
  const api = useApi()
  const text = useText()
  const environment = useNavigation(place => place.environment)
  const compared = useNavigation(place => place.compared)
  const go = useNavigation(place => place.go)
  const draft = useLive(api.draft.view, { workspace }).value
  const log = useLive(api.decisions.log, { workspace, limit: 2 }, { skip: compared !== null })
  const hasDraft = (draft?.edits.length ?? 0) > 0
  const usual = useMemo(() => {
    if (hasDraft) return { a: 'now', b: 'draft' }
    return log.value && draft ? { a: log.value.items[1]?.id ?? 'now', b: 'now' } : null
  }, [hasDraft, log.value, draft])
  const ends = compared ?? usual
  const [tab, setTab] = useState(lastTab)
  const points: Points = useMemo(
    () => ({ workspace, a: ends?.a ?? '', b: ends?.b ?? '', ...(environment !== null && { environment }) }),
    [workspace, ends, environment],
  )
  const skip = ends === null
  const answers = {
    topology: useKept(useLive(api.compare.topology, points, { skip: skip || tab !== 'topology' })),
    manifests: useKept(useLive(api.compare.manifests, points, { skip: skip || tab !== 'manifests' })),
    dependencies: useKept(
      useLive(
        api.compare.dependencies,
        useMemo(() => ({ ...points, edges: mostEdges }), [points]),
        { skip: skip || tab !== 'dependencies' },
      ),
    ),
    rules: useKept(useLive(api.compare.rules, points, { skip: skip || tab !== 'rules' })),
  }
  const part = parts.find(each => each === tab)
  const answer: Live<Between> | null = part ? answers[part] : null
  const makers = useMakers(points, part ?? 'topology', skip || !answer?.value)
  const setEnds = (next: { a: string; b: string }) => go({ compared: next })
  const swap = () => ends && setEnds({ a: ends.b, b: ends.a })
  useShortcut('x', 'compare.swap', () => swap(), { icon: ArrowLeftRight })
  const show = (next: string) => {
    lastTab = next
    setTab(next)
  }

  const body = (value: string) => {
    if (!answer || value !== tab) return null
    if (answer.status === 'failed' && answer.error)
      return <ErrorState error={answer.error} title={text('compare.failed')} onRetry={answer.retry} />
    if (!answer.value) return <LoadingRows />
    if (isSamePoint(answer.value)) return <EmptyState icon={GitCompareArrows} sentence={text('compare.samePoints')} />
    if (answers.topology.value && value === 'topology')
      return (
        <TopologyTab
          workspace={workspace}
          compared={answers.topology.value}
          makers={makers}
          slider={
            ends && (
              <PointSlider
                workspace={workspace}
                value={ends.b}
                commit={answers.topology.value.b.commit?.commit ?? null}
                onChange={b => setEnds({ ...ends, b })}
              />
            )
          }
        />
      )
    if (answers.manifests.value && value === 'manifests')
      return <ManifestsTab points={points} compared={answers.manifests.value} makers={makers} />
    if (answers.dependencies.value && value === 'dependencies')
      return <DependenciesTab compared={answers.dependencies.value} makers={makers} />
    if (answers.rules.value && value === 'rules') return <RulesTab compared={answers.rules.value} makers={makers} />
    return null
  }
  const labels: { readonly [value: string]: MessageKey } = {
    topology: 'compare.tabTopology',
    manifests: 'compare.tabManifests',
    dependencies: 'compare.tabDependencies',
    rules: 'compare.tabRules',
  }
  const more = useMoreTabs(points)
  const tabs: Tab<string>[] = [
    ...parts.map(value => ({ value, label: text(labels[value]!), content: body(value) })),
    ...more.map(({ value, label, component: Content }) => ({
      value,
      label: text(label),
      content: <Content points={points} />,
    })),
  ]
  return (
    <Screen label={text('compare.title')}>
      <ScreenHead className={styles['head'] ?? ''} title={text('compare.title')}>
        {ends && (
          <>
            <PointPicker
              workspace={workspace}
              letter="A"
              label={text('compare.pointA')}
              value={ends.a}
              point={answer?.value?.a ?? null}
              hasDraft={hasDraft}
              onChange={a => setEnds({ ...ends, a })}
            />
            <IconButton icon={ArrowLeftRight} label={text('compare.swap')} shortcut="x" onClick={swap} />
            <PointPicker
              workspace={workspace}
              letter="B"
              label={text('compare.pointB')}
              value={ends.b}
              point={answer?.value?.b ?? null}
              hasDraft={hasDraft}
              onChange={b => setEnds({ ...ends, b })}
            />
          </>
        )}
        {answer && <Standing answer={answer} />}
      </ScreenHead>
      {answer?.value && <NotPart between={answer.value} />}
      <Tabs<string>
        className={styles['tabs'] ?? ''}
        label={text('compare.parts')}
        value={tab}
        onChange={show}
        tabs={tabs}
      />
    </Screen>
  )
}

/** While another answer is on its way the last one stays, so that going through time does not blink. */
function useKept<T>(live: Live<T>): Live<T> {
  const last = useRef<T | null>(null)
  if (live.value !== null) last.current = live.value
  if (live.status === 'failed') last.current = null
  return live.value === null && last.current !== null ? { ...live, value: last.current } : live
}

function useMoreTabs(points: Points): readonly CompareTab[] {
  // biome-ignore lint/correctness/useHookAtTopLevel: the list is the same for the life of the page, so its hooks are too
  const there = compareTabs.map(({ useIsThere }) => useIsThere(points))
  return compareTabs.filter((_, index) => there[index])
}

const isSamePoint = ({ a, b, relation }: Between): boolean => relation === 'same' && a.environment === b.environment

/** How the two lie to each other; and, where the line is lost, since when this is what is known. */
function Standing({ answer }: { answer: Live<Between> & { error: AppError | null } }) {
  const text = useText()
  const format = useFormat()
  if (!answer.value) return null
  const { a, b, relation } = answer.value
  const standing =
    a.environment !== b.environment
      ? text('compare.across')
      : relation === 'same'
        ? ''
        : text(`compare.relation_${relation}`)
  return (
    <p className={styles['standing']}>
      {answer.status === 'stale' && answer.since !== null && (
        <Badge tone="stale">{text('app.asOf', { when: format.time(answer.since) })}</Badge>
      )}
      <span title={standing}>{standing}</span>
    </p>
  )
}

/** What a point does not hold at all is not part of it: said before anything that could look like a removal. */
function NotPart({ between: { a, b } }: { between: Between }) {
  const text = useText()
  const missing = (
    [
      ['A', a],
      ['B', b],
    ] as const
  ).filter(([, point]) => !point.holds)
  if (missing.length === 0) return null
  const what = ({ environments }: PointView) =>
    environments.length === 0
      ? text('compare.notPartNone')
      : text('compare.notPartWhat', { known: environments.slice(0, 8).join(', ') })
  return (
    <div className={styles['notPart']}>
      {missing.map(([letter, point]) => (
        <Callout key={letter} title={text('compare.notPart', { environment: point.environment, point: letter })}>
          {what(point)}
        </Callout>
      ))}
    </div>
  )
}
