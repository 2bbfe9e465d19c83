import type { NodeProps } from '@xyflow/react'
import {
  CircleAlert,
  CircleHelp,
  Copy,
  Minus,
  Pencil,
  Pin,
  Plus,
  Tag,
  TriangleAlert,
  Unlink,
  UserRound,
} from 'lucide-react'
import { memo } from 'react'
import type { LiveNode } from '../../../../shared/live/live.ts'
import { needsSomebody } from '../../../../shared/live/needs-somebody.ts'
import { shortWhy } from '../../../../shared/live/short-why.ts'
import { Hidden, useSay, useText } from '../../../design/index.ts'
import { HealthMark, healthLooks, useStateWord } from '../../clusters/index.ts'
import { BudgetFact } from '../../metrics/index.ts'
import type { DrawnNode } from '../model/drawn-graph.ts'
import { scaleOf } from '../model/editable.ts'
import { type FittedName, fitName, type NameRoom } from '../model/fit-name.ts'
import { type Fact, nodeFacts } from '../model/node-facts.ts'
import { changeWords, kindWords } from '../model/words.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import { ConnectHandle, useImpactAt, useIsTarget } from '../wiring/connect-handle.tsx'
import { KindGlyph } from './kind-glyph.tsx'
import { nameWidth } from './name-width.ts'
import { ReplicaStepper } from './replica-stepper.tsx'
import styles from './service-node.module.css'

/** What a glyph in the corner means is said by its words and by the legend; colour only repeats it. */
const changeGlyphs = { added: Plus, removed: Minus, changed: Pencil, same: null } as const
/** What glyph and padding leave of the node for its name; see the style sheet. */
const cardRoom: NameRoom = { width: 174, largest: 15, smallest: 12, twoLines: null }
const blockRoom: NameRoom = { width: 176, largest: 22, smallest: 14, twoLines: 20 }

/** One node. It takes its own facts by its id, so a change of one is drawn once. */
export const ServiceNode = memo(function ServiceNode({ id, dragging }: NodeProps) {
  const text = useText()
  const { readOnly, rewire, apart } = useCanvas()
  const drawn = usePicture(state => state.shown.nodes.get(id))
  const level = usePicture(state => state.level)
  const selected = usePicture(state => state.selected?.kind === 'node' && state.selected.id === id)
  const hovered = usePicture(state => state.hovered?.kind === 'node' && state.hovered.id === id)
  const active = usePicture(state => state.active === id)
  const quiet = usePicture(state => state.role.quietNodes.has(id))
  const pinned = usePicture(state => state.pinned.has(id))
  const impact = useImpactAt(id)
  const live = usePicture(state => state.live.get(id))
  const liveIsStale = usePicture(state => state.liveIsStale)
  const isTarget = useIsTarget(id)
  const { wordOf } = useStateWord(liveIsStale)
  if (!drawn) return null
  const worst = worstFinding(drawn)
  const ChangeGlyph = changeGlyphs[drawn.change]
  const changeWord = { ...changeWords, ...apart }[drawn.change]
  const scale = !readOnly && level === 'card' && (selected || hovered) && !dragging ? scaleOf(drawn) : null
  return (
    <div
      className={styles['node']}
      data-level={level}
      data-kind={drawn.kind}
      data-change={drawn.change}
      data-apart={apart !== undefined || undefined}
      data-finding={worst ?? undefined}
      data-missing={drawn.missing || undefined}
      data-selected={selected || undefined}
      data-quiet={quiet || undefined}
      data-dragging={dragging || undefined}
      data-target={isTarget || undefined}
      data-live={live && (liveIsStale ? 'stale' : healthLooks[live.health].tone)}
      data-impact={impact === undefined ? undefined : impact === null ? 'none' : Math.min(impact, 4)}
    >
      <button
        type="button"
        className={styles['face']}
        data-node={id}
        tabIndex={active ? 0 : -1}
        aria-pressed={selected}
        aria-label={level === 'dot' ? id : undefined}
      >
        {level === 'card' ? (
          <Card drawn={drawn} live={live} isStale={liveIsStale} />
        ) : (
          level === 'block' && (
            <>
              <KindGlyph kind={drawn.kind} technology={drawn.node?.technology} size={30} />
              <BlockName id={id} />
              {changeWord && <Hidden> {text(changeWord)}</Hidden>}
              {live && <Hidden> {wordOf(healthLooks[live.health].word)}</Hidden>}
            </>
          )
        )}
      </button>
      {(ChangeGlyph || worst || drawn.missing) && level !== 'dot' && (
        <span className={styles['marks']} aria-hidden="true">
          {drawn.missing && (
            <span data-mark="danger">
              <Unlink />
            </span>
          )}
          {worst && (
            <span data-mark={worst === 'error' ? 'danger' : 'warn'}>
              {worst === 'error' ? <CircleAlert /> : <TriangleAlert />}
            </span>
          )}
          {ChangeGlyph && (
            <span data-mark={drawn.change}>
              <ChangeGlyph />
            </span>
          )}
        </span>
      )}
      {pinned && level === 'card' && (
        <span className={styles['pin']} title={text('page.topologyPinned')}>
          <Pin aria-hidden="true" />
        </span>
      )}
      {scale && (
        <span className={styles['scale']}>
          <ReplicaStepper name={id} resource={scale.resource} replicas={scale.replicas} focusable={selected} />
        </span>
      )}
      {rewire && (selected || hovered) && level === 'card' && !dragging && drawn.node && drawn.change !== 'removed' && (
        <ConnectHandle id={id} focusable={selected} />
      )}
      {level === 'card' && !scale && drawn.node?.callsKnown === 'unknown' && !(live && live.rank >= needsSomebody) && (
        <span className={styles['unknown']} title={text('wiring.callsUnknown', { name: id })}>
          <CircleHelp aria-hidden="true" />
          <Hidden>{text('wiring.callsUnknownShort')}</Hidden>
        </span>
      )}
      {typeof impact === 'number' && impact > 0 && (
        <span className={styles['hops']} aria-hidden="true">
          {impact}
        </span>
      )}
    </div>
  )
})

const titleOf = (id: string, fitted: FittedName): string | undefined => (fitted.cut ? id : undefined)

/** How it does in its cluster: ready of desired, and in trouble the one sentence that says why. */
function LiveFact({ live, isStale }: { live: LiveNode; isStale: boolean }) {
  const text = useText()
  const say = useSay()
  const { wordOf } = useStateWord(isStale)
  const { health, ready, desired, why, rank } = live
  const trouble = why && rank >= needsSomebody
  return (
    <span
      className={styles['live']}
      data-stale={isStale || undefined}
      title={[wordOf(healthLooks[health].word), why && say(why)].filter(Boolean).join(': ')}
    >
      <HealthMark health={health} old={isStale} />
      <span>{desired === null ? ready : `${ready}/${desired}`}</span>
      {trouble && (
        <span className={styles['why']}>
          <span aria-hidden="true">{text(shortWhy(why))}</span>
          <Hidden> {say(why)}</Hidden>
        </span>
      )}
    </span>
  )
}

/** The name alone, as large as it can be; on two lines where that makes it larger. */
function BlockName({ id }: { id: string }) {
  const fitted = fitName(id, blockRoom, nameWidth)
  return (
    <span className={styles['name']} style={{ fontSize: fitted.size }} title={titleOf(id, fitted)}>
      {fitted.lines.length === 1 ? (
        id
      ) : (
        <>
          <Hidden>{id}</Hidden>
          {fitted.lines.map(line => (
            <span key={line} className={styles['line']} aria-hidden="true">
              {line}
            </span>
          ))}
        </>
      )}
    </span>
  )
}

function Card({ drawn, live, isStale }: { drawn: DrawnNode; live: LiveNode | undefined; isStale: boolean }) {
  const text = useText()
  const facts = nodeFacts(drawn)
  const { apart } = useCanvas()
  const word = { ...changeWords, ...apart }[drawn.change]
  const { replicas } = facts
  const fitted = fitName(drawn.id, cardRoom, nameWidth)
  return (
    <>
      <KindGlyph kind={drawn.kind} technology={drawn.node?.technology} />
      <span className={styles['words']}>
        <span className={styles['name']} style={{ fontSize: fitted.size }} title={titleOf(drawn.id, fitted)}>
          <span>{drawn.id}</span>
          {word && <Hidden>{text(word)}</Hidden>}
          {drawn.findings.length > 0 && (
            <Hidden>{text('page.topologyFindings', { count: drawn.findings.length })}</Hidden>
          )}
        </span>
        <span className={styles['facts']}>
          {drawn.missing ? (
            <span className={styles['fact']}>{text('page.topologyMissing')}</span>
          ) : (
            <>
              {live && <LiveFact live={live} isStale={isStale} />}
              {(replicas || facts.range) && !(live && replicas?.proposed == null && facts.range?.proposed == null) && (
                <span className={styles['fact']} title={text('page.topologyReplicas')}>
                  <Copy aria-hidden="true" />
                  <Hidden>{text('page.topologyReplicas')} </Hidden>
                  {replicas && <Value fact={replicas} />}
                  {facts.range && (!replicas || facts.range.proposed !== null) && <Value fact={facts.range} />}
                </span>
              )}
              {facts.version && (
                <span className={styles['fact']} title={text('page.topologyImage')}>
                  <Tag aria-hidden="true" />
                  <Hidden>{text('page.topologyImage')} </Hidden>
                  <Value fact={facts.version} />
                </span>
              )}
              <BudgetFact service={drawn.id} />
              {facts.owner && (
                <span className={styles['fact']} title={text('page.topologyOwner')}>
                  <UserRound aria-hidden="true" />
                  <Hidden>{text('page.topologyOwner')} </Hidden>
                  <span>{facts.owner}</span>
                </span>
              )}
              {!replicas && !facts.range && !facts.version && !facts.owner && (
                <span className={styles['fact']}>{drawn.node?.technology ?? text(kindWords[drawn.kind])}</span>
              )}
            </>
          )}
        </span>
      </span>
    </>
  )
}

function Value({ fact }: { fact: Fact }) {
  const text = useText()
  if (fact.proposed === null) return <span>{fact.now}</span>
  return (
    <span className={styles['proposed']}>
      <span>{fact.now}</span>
      <span aria-hidden="true"> → </span>
      <Hidden> {text('page.topologyBecomes')} </Hidden>
      <strong>{fact.proposed}</strong>
    </span>
  )
}

const worstFinding = (drawn: DrawnNode): 'error' | 'warning' | null =>
  drawn.findings.some(finding => finding.severity === 'error')
    ? 'error'
    : drawn.findings.some(finding => finding.severity === 'warning')
      ? 'warning'
      : null
