import { FileText, ScrollText, Workflow } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useApi } from '../connection/api.ts'
import { useNavigation } from '../connection/navigation.ts'
import { usePaletteSource } from '../connection/shortcuts.ts'
import { useLive } from '../connection/use-live.ts'
import { useOverlay } from './overlays.ts'

/** How many of the newest decisions the palette knows. */
const newest = 200

/**
 * Services, their files and decisions, from every screen. Asked for when the palette is first opened; where a screen
 * offers the same thing, its own way of going there wins.
 */
export function useThingsToFind(workspace: string): void {
  const api = useApi()
  const environment = useNavigation(place => place.environment)
  const revision = useNavigation(place => place.revision)
  const open = useOverlay(state => state.open === 'palette')
  const [wanted, setWanted] = useState(false)
  useEffect(() => {
    if (open) setWanted(true)
  }, [open])

  const graph = useLive(
    api.topology.graph,
    { workspace, environment: environment ?? '', ...(revision === null ? {} : { revision }) },
    { skip: !wanted || environment === null },
  ).value
  const log = useLive(api.decisions.log, { workspace, limit: newest }, { skip: !wanted }).value
  const { go } = useNavigation.getState()
  const nodes = (graph?.draft ?? graph?.base)?.nodes ?? []

  usePaletteSource(() =>
    nodes.map(node => ({
      id: `node ${node.id}`,
      label: node.id,
      hint: node.owner ?? node.workload?.kind ?? '',
      group: 'page.topologyPaletteGroup',
      icon: Workflow,
      keywords: [node.kind, node.technology ?? ''],
      run: () => go({ screen: 'topology', selection: { kind: 'node', id: node.id } }),
    })),
  )
  usePaletteSource(typed =>
    typed.length < 2
      ? []
      : nodes.flatMap(node =>
          node.file === undefined
            ? []
            : [
                {
                  id: `file ${node.file}`,
                  label: node.file,
                  hint: node.id,
                  group: 'app.groupFiles' as const,
                  icon: FileText,
                  run: () => go({ screen: 'topology', selection: { kind: 'node', id: node.id } }),
                },
              ],
        ),
  )
  usePaletteSource(typed =>
    typed.length < 2
      ? []
      : (log?.items ?? []).map(item => ({
          id: `decision ${item.id}`,
          label: item.title,
          hint: item.id.slice(0, 8),
          group: 'page.decisionsGroup',
          icon: ScrollText,
          keywords: [item.decisionId ?? '', ...item.services],
          run: () => go({ screen: 'decisions', selection: { kind: 'decision', id: item.id } }),
        })),
  )
}
