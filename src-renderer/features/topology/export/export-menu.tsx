import { Braces, Copy, FileImage, Image, PencilRuler, Share, Workflow } from 'lucide-react'
import { useMemo } from 'react'
import type { TopologyView } from '../../../../shared/topology/contract.ts'
import { toDot } from '../../../../shared/topology/to-dot.ts'
import { toJson } from '../../../../shared/topology/to-json.ts'
import { toMermaid } from '../../../../shared/topology/to-mermaid.ts'
import { toAppError, useShortcut } from '../../../connection/index.ts'
import {
  copyText,
  IconButton,
  Menu,
  type MenuItem,
  saveFile,
  useSay,
  useText,
  useToasts,
} from '../../../design/index.ts'
import { useGroupName } from '../group-name.ts'
import type { TopologyActions } from '../topology-context.ts'
import { pictureAsSvg } from './picture-as-svg.ts'
import { svgAsPng } from './svg-as-png.ts'

/** The graph to take along, as it is shown; and a sketch of one to bring in. */
export function ExportMenu({ view, actions }: { view: TopologyView; actions: TopologyActions }) {
  const text = useText()
  const say = useSay()
  const toasts = useToasts()
  const groupName = useGroupName()
  const { picture, environment, readOnly, openDialog } = actions
  const topology = view.draft ?? view.base
  const name = `${environment === '.' ? 'topology' : environment.replace(/[^\p{L}\p{N}.-]+/gu, '-')}`
  const run = useMemo(() => {
    const svg = () =>
      pictureAsSvg(picture.store.getState(), {
        title: environment,
        theme: getComputedStyle(document.documentElement).colorScheme.includes('dark') ? 'dark' : 'light',
        groupName,
        legend: {
          added: text('page.topologyAdded'),
          changed: text('page.topologyChanged'),
          removed: text('page.topologyRemoved'),
          dangling: text('page.topologyDangling'),
          dashed: text('page.topologyStateInferred'),
          solid: text('page.topologySolid'),
        },
      })
    const saved = (file: string, content: Blob) => {
      saveFile(file, content)
      toasts.show({ tone: 'ok', title: text('wiring.saved', { file }) })
    }
    const asText = (file: string, type: string, content: string) => saved(file, new Blob([content], { type }))
    return {
      copy: async () => {
        const done = await copyText(toMermaid(topology))
        toasts.show(
          done ? { tone: 'ok', title: text('wiring.copied') } : { tone: 'danger', title: text('wiring.notCopied') },
        )
      },
      svg: () => asText(`${name}.svg`, 'image/svg+xml', svg()),
      png: async () => {
        try {
          saved(`${name}.png`, await svgAsPng(svg()))
        } catch (thrown) {
          toasts.show({ tone: 'danger', title: text('wiring.pngFailed'), detail: say(toAppError(thrown)) })
        }
      },
      mermaid: () => asText(`${name}.mmd`, 'text/plain', toMermaid(topology)),
      dot: () => asText(`${name}.dot`, 'text/vnd.graphviz', toDot(topology)),
      json: () => asText(`${name}.json`, 'application/json', toJson(topology)),
    }
  }, [picture, environment, name, topology, groupName, text, say, toasts])

  useShortcut(null, 'wiring.copyMermaid', () => void run.copy(), { icon: Copy })
  useShortcut(null, 'wiring.saveSvg', run.svg, { icon: Image })
  useShortcut(null, 'wiring.savePng', () => void run.png(), { icon: FileImage })
  useShortcut(null, 'wiring.readSketch', () => openDialog({ kind: 'sketch' }), {
    icon: PencilRuler,
    when: () => !readOnly,
  })

  const items: MenuItem[] = [
    { label: text('wiring.copyMermaid'), icon: Copy, run: () => void run.copy() },
    { kind: 'separator' },
    { label: text('wiring.saveSvg'), icon: Image, run: run.svg },
    { label: text('wiring.savePng'), icon: FileImage, run: () => void run.png() },
    { label: text('wiring.saveMermaid'), icon: Workflow, run: run.mermaid },
    { label: text('wiring.saveDot'), icon: Share, run: run.dot },
    { label: text('wiring.saveJson'), icon: Braces, run: run.json },
    { kind: 'separator' },
    {
      label: text('wiring.readSketch'),
      icon: PencilRuler,
      disabledReason: readOnly ? text('page.topologyReadOnlyReason') : undefined,
      run: () => openDialog({ kind: 'sketch' }),
    },
  ]
  return (
    <Menu items={items} align="end">
      <IconButton size="small" icon={Share} label={text('wiring.takeAlong')} />
    </Menu>
  )
}
