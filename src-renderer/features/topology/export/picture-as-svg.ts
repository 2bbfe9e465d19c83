import { type LegendSign, type SvgPicture, toSvg } from '../../../../shared/export/svg-picture.ts'
import { edgeLabel } from '../../../../shared/topology/edge-label.ts'
import { heightOf, widthOf } from '../layout/measures.ts'
import type { DrawnEdge, DrawnNode } from '../model/drawn-graph.ts'
import { edgeWidth, isGuess } from '../model/edge-style.ts'
import type { DrawnGroup } from '../model/group-graph.ts'
import { nodeFacts } from '../model/node-facts.ts'
import type { PictureState } from '../picture-state.ts'

export type SvgWords = {
  readonly title: string
  readonly theme: 'light' | 'dark'
  readonly groupName: (group: DrawnGroup) => string
  readonly legend: Readonly<Record<LegendSign, string>>
}

/** The picture as it stands, to its last line: what is drawn, where it is drawn, with the draft's signs on it. */
export function pictureAsSvg(state: PictureState, words: SvgWords): string {
  const { shown, positions, routes, frames, groups } = state
  const on = new Set<LegendSign>()
  const edges = [...routes].flatMap(([id, route]): SvgPicture['edges'][number][] => {
    const edge = shown.edges.get(id)
    if (!edge) return []
    on.add(edge.dangling ? 'dangling' : edge.change === 'same' ? (isGuess(edge) ? 'dashed' : 'solid') : edge.change)
    return [
      {
        path: route.path,
        end: route.end,
        heading: route.heading,
        at: route.label,
        width: edgeWidth(edge.rate),
        guess: isGuess(edge),
        dangling: edge.dangling,
        change: edge.change,
        label: edge.rate === null ? '' : edgeLabel({ protocol: protocolOf(edge), rate: edge.rate }),
      },
    ]
  })
  const nodes = [...(positions ?? [])].flatMap(([id, spot]): SvgPicture['nodes'][number][] => {
    const drawn = shown.nodes.get(id)
    if (!drawn) return []
    if (drawn.change !== 'same') on.add(drawn.change)
    const group = groups.groups.get(id)
    const wrong = wrongOf(drawn)
    return [
      {
        id,
        kind: drawn.kind,
        name: group ? words.groupName(group) : id,
        facts: group ? String(group.nodes.length) : factsOf(drawn),
        x: spot.x,
        y: spot.y,
        width: widthOf(spot),
        height: heightOf(spot),
        change: drawn.change,
        ...(wrong && { wrong }),
      },
    ]
  })
  const signs: readonly LegendSign[] = ['added', 'changed', 'removed', 'dangling', 'dashed', 'solid']
  return toSvg({
    title: words.title,
    theme: words.theme,
    nodes,
    edges,
    frames: [...frames].flatMap(([id, frame]) => {
      const group = groups.groups.get(id)
      return group ? [{ ...frame, name: words.groupName(group) }] : []
    }),
    legend: signs.filter(sign => on.has(sign)).map(sign => ({ sign, words: words.legend[sign] })),
  })
}

const protocolOf = (edge: DrawnEdge): string => edge.protocols.filter(Boolean).join(' · ')

function factsOf(drawn: DrawnNode): string {
  const { replicas, range, version, owner } = nodeFacts(drawn)
  const say = (fact: typeof replicas, sign = '') =>
    fact ? `${sign}${fact.now}${fact.proposed === null ? '' : ` → ${fact.proposed}`}` : ''
  return [say(replicas, '×'), say(range), say(version), owner ?? ''].filter(part => part !== '').join(' · ')
}

function wrongOf(drawn: DrawnNode): 'missing' | 'error' | 'warning' | undefined {
  if (drawn.missing) return 'missing'
  if (drawn.findings.some(finding => finding.severity === 'error')) return 'error'
  return drawn.findings.some(finding => finding.severity === 'warning') ? 'warning' : undefined
}
