import { ArrowUpRight, Network, Waypoints } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { useNavigation, useShortcut } from '../../../connection/index.ts'
import type { Picture } from '../picture.ts'
import type { DialogRequest, TopologyActions } from '../topology-context.ts'
import { shownImpact } from './impact-on-picture.ts'
import { SketchDialog } from './sketch-dialog.tsx'
import { WiringDialog } from './wiring-dialog.tsx'

/** The keys and palette lines of wiring; they act on the selected node. */
export function useWiringShortcuts(actions: TopologyActions, free: () => boolean): void {
  const { picture, readOnly, openDialog } = actions
  const selected = () => {
    const { selection } = useNavigation.getState()
    return selection?.kind === 'node' ? selection.id : null
  }
  useShortcut(
    'c',
    'wiring.connect',
    () => openDialog({ kind: 'wire', request: { kind: 'connect', from: selected(), to: null } }),
    { when: () => !readOnly && free(), icon: ArrowUpRight },
  )
  useShortcut(
    'w',
    'wiring.impact',
    () => {
      const { graph } = picture.store.getState()
      const id = selected()
      if (graph && id !== null) picture.showImpact(shownImpact(graph, id, 'callers'))
    },
    { when: () => selected() !== null && free(), icon: Waypoints },
  )
  useShortcut(
    null,
    'wiring.impactOut',
    () => {
      const { graph } = picture.store.getState()
      const id = selected()
      if (graph && id !== null) picture.showImpact(shownImpact(graph, id, 'calls'))
    },
    { when: () => selected() !== null, icon: Network },
  )
}

/** Up to this many nodes a picture shown whole can still be read. */
const readable = 80

/** Whoever asks for an impact sees it on the graph, all of it where that can be read. */
export function useImpactShown(picture: Picture, onShow: (whole: boolean) => void): void {
  const id = useStore(picture.store, state => state.impact && `${state.impact.direction} ${state.impact.id}`)
  const latest = useRef(onShow)
  latest.current = onShow
  useEffect(() => {
    if (id !== null) latest.current(picture.store.getState().shown.nodes.size <= readable)
  }, [id, picture])
}

/** The dialogs of wiring. */
export function WiringDialogs({ dialog, onClose }: { dialog: DialogRequest | null; onClose(): void }) {
  if (dialog?.kind === 'sketch') return <SketchDialog onClose={onClose} />
  return dialog?.kind === 'wire' ? (
    <WiringDialog key={JSON.stringify(dialog.request)} request={dialog.request} onClose={onClose} />
  ) : null
}
