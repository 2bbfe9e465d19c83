import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { TopologyView } from '../../../shared/topology/contract.ts'
import { useApi, useLive, useShortcut } from '../../connection/index.ts'
import { useText } from '../../design/index.ts'
import { type CanvasHandle, TopologyCanvas } from './canvas/topology-canvas.tsx'
import { placesOf } from './layout/places.ts'
import { Legend, type LegendWords, ofCommit } from './legend.tsx'
import { Notices } from './notices.tsx'
import { lineOf, type Picture, type Thing } from './picture.ts'
import { drawnEdge } from './picture-state.ts'
import { type CanvasActions, CanvasContext } from './topology-context.ts'
import styles from './topology-screen.module.css'
import { TopologySkeleton } from './topology-skeleton.tsx'
import { useNewPicture } from './use-new-picture.ts'

/** A node, or the line from one node to another. */
export type PictureSelection =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'edge'; readonly from: string; readonly to: string }

export type TopologyPictureProps = {
  readonly workspace: string
  readonly environment: string
  /** The graph at one commit; null while it is read. */
  readonly view: TopologyView | null
  readonly selected: PictureSelection | null
  onSelect(selected: PictureSelection | null): void
  /** Enter or a double click on a node. */
  onInspect(): void
  /** What its signs are called where they are not those of one commit. */
  readonly legend?: LegendWords
}

/**
 * The graph at a commit beside other things: the same nodes in the same places as on the topology screen, with what the
 * commit changed, to look at and to choose from. Nothing is edited here.
 */
export function TopologyPicture(props: TopologyPictureProps) {
  const { workspace, environment, view } = props
  const picture = usePastPicture(workspace, environment, view)
  return picture ? <Drawn {...props} picture={picture} /> : <TopologySkeleton bar={false} />
}

function Drawn({
  environment,
  selected,
  onSelect,
  onInspect,
  legend = ofCommit,
  picture,
}: TopologyPictureProps & { readonly picture: Picture }) {
  const text = useText()
  const canvas = useRef<CanvasHandle>(null)
  const nodes = useStore(picture.store, state => state.shown.nodes.size)
  const ready = useStore(picture.store, state => state.positions !== null)
  const tell = useRef(onSelect)
  tell.current = onSelect

  const { apart } = legend
  const actions = useMemo<CanvasActions>(
    () => ({
      picture,
      environment,
      readOnly: true,
      ...(apart && { apart }),
      edit: () => Promise.resolve(false),
      select: thing => {
        const edge = thing?.kind === 'edge' ? drawnEdge(picture.store.getState(), thing.id) : undefined
        if (thing?.kind === 'node') tell.current({ kind: 'node', id: thing.id })
        else tell.current(edge ? { kind: 'edge', from: edge.from, to: edge.to } : null)
      },
    }),
    [picture, environment, apart],
  )
  const thing = useMemo<Thing | null>(
    () => selected && (selected.kind === 'node' ? selected : { kind: 'edge', id: lineOf(selected) }),
    [selected],
  )
  useEffect(() => picture.select(thing), [picture, thing])
  useShortcut('f', 'page.topologyFit', () => canvas.current?.fit())
  useShortcut('Escape', 'page.topologyClearSelection', () => onSelect(null), {
    when: () => selected !== null,
    keyOnly: true,
  })

  if (!ready) return <TopologySkeleton bar={false} />
  return (
    <CanvasContext value={actions}>
      <div className={styles['picture']}>
        <Notices stale={null} />
        <div className={styles['stage']}>
          <TopologyCanvas
            label={text('page.topologyPictureLabel', { count: nodes })}
            handle={canvas}
            onInspect={onInspect}
          />
          <div className={styles['corner']}>
            <Legend words={legend} />
          </div>
        </div>
      </div>
    </CanvasContext>
  )
}

/**
 * The picture of a commit; null until it can be drawn. Where nothing of the environment has a place yet, the graph as
 * it is now is laid out first: the places are those of the topology screen, whichever was opened before the other.
 */
function usePastPicture(workspace: string, environment: string, view: TopologyView | null): Picture | null {
  const api = useApi()
  const picture = useNewPicture(workspace, environment)
  const [drawn, setDrawn] = useState<Picture | null>(null)
  const now = useLive(api.topology.graph, { workspace, environment })
  // An environment that is gone by now has no graph; then the commit's own layout is what there is.
  const known = now.status !== 'connecting'
  const today = useRef(now.value)
  today.current = now.value
  useEffect(() => {
    if (!picture || !view || !known) return
    const show = () => {
      picture.show(view)
      setDrawn(picture)
    }
    if (!today.current || placesOf(workspace, environment).size > 0) return show()
    const leave = picture.store.subscribe(({ positions }) => {
      if (!positions) return
      leave()
      show()
    })
    picture.show(today.current)
    return leave
  }, [picture, view, known, workspace, environment])
  return drawn === picture ? drawn : null
}
