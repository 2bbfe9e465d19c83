import {
  ArrowUpRight,
  FileCode,
  LocateFixed,
  Minus,
  PanelRight,
  PencilLine,
  Plus,
  Trash2,
  Waypoints,
} from 'lucide-react'
import type { MenuItem } from '../../design/index.ts'
import { useText } from '../../design/index.ts'
import { editableResource, replicasOf, scaleOf } from './model/editable.ts'
import { usePicture, useTopology } from './topology-context.ts'
import { shownImpact } from './wiring/impact-on-picture.ts'

/** What can be done with a node; the same in the graph, the table and the inspector. */
export function useThingMenu(id: string | null): readonly MenuItem[] {
  const text = useText()
  const { edit, select, openManifest, openDialog, readOnly, environment, picture } = useTopology()
  const drawn = usePicture(state => (id === null ? undefined : state.graph?.nodes.get(id)))
  const pinned = usePicture(state => id !== null && state.pinned.has(id))
  const off = readOnly ? text('page.topologyReadOnlyReason') : undefined
  if (id === null || !drawn) {
    return [
      {
        label: text('page.topologyAddService'),
        icon: Plus,
        disabledReason: off,
        run: () => openDialog({ kind: 'add', like: null }),
      },
    ]
  }
  const resource = editableResource(drawn)
  const scale = scaleOf(drawn)
  const notHere = off ?? (resource ? undefined : text('page.topologyNotDeclared'))
  const items: MenuItem[] = [
    {
      label: text('page.topologyInspect'),
      icon: PanelRight,
      shortcut: 'Enter',
      run: () => select({ kind: 'node', id }),
    },
  ]
  const file = drawn.node?.file
  if (file)
    items.push({
      label: text('page.topologyOpenManifest'),
      icon: FileCode,
      run: () => {
        select({ kind: 'node', id })
        openManifest(file, drawn.node?.line ?? null)
      },
    })
  items.push(
    {
      label: text('wiring.impact'),
      icon: Waypoints,
      shortcut: 'w',
      run: () => {
        const { graph } = picture.store.getState()
        if (graph) picture.showImpact(shownImpact(graph, id, 'callers'))
      },
    },
    {
      label: text('wiring.connect'),
      icon: ArrowUpRight,
      shortcut: 'c',
      disabledReason: off ?? (drawn.change === 'removed' ? text('wiring.removedAlready') : undefined),
      run: () => openDialog({ kind: 'wire', request: { kind: 'connect', from: id, to: null } }),
    },
    { kind: 'separator' },
  )
  if (scale) {
    const to = (replicas: number) => () => void edit({ kind: 'set-replicas', resource: scale.resource, replicas })
    const now = drawn.node ? replicasOf(drawn.node) : 0
    items.push(
      { label: text('page.topologyScaleUp', { count: now + 1 }), icon: Plus, disabledReason: off, run: to(now + 1) },
      {
        label: text('page.topologyScaleDown', { count: Math.max(0, now - 1) }),
        icon: Minus,
        disabled: now === 0,
        disabledReason: off,
        run: to(Math.max(0, now - 1)),
      },
      { kind: 'separator' },
    )
  }
  items.push(
    {
      label: text('page.topologyAddLike', { name: id }),
      icon: Plus,
      disabledReason: notHere,
      run: () => openDialog({ kind: 'add', like: id }),
    },
    {
      label: text('page.topologyRename'),
      icon: PencilLine,
      disabledReason: notHere,
      run: () => openDialog({ kind: 'rename', id }),
    },
  )
  if (pinned)
    items.push({
      label: text('page.topologyUnpin'),
      icon: LocateFixed,
      disabledReason: off,
      run: () => void edit({ kind: 'set-position', environment, node: id, position: null }),
    })
  items.push(
    { kind: 'separator' },
    {
      label: text('page.topologyRemove'),
      icon: Trash2,
      danger: true,
      disabledReason: notHere,
      run: () => openDialog({ kind: 'remove', id }),
    },
  )
  return items
}
