import type { ChangeState, NodeKind } from '../topology/topology.ts'

export type SvgNode = {
  readonly id: string
  readonly kind: NodeKind
  readonly name: string
  /** One quiet line: replicas, version, owner. */
  readonly facts: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly change: ChangeState
  /** Something is wrong with it, or nothing answers to its name. */
  readonly wrong?: 'error' | 'warning' | 'missing'
}
export type SvgEdge = {
  readonly path: string
  /** Where it arrives, going to the right (1) or to the left. */
  readonly end: { readonly x: number; readonly y: number }
  readonly heading: 1 | -1
  readonly width: number
  readonly guess: boolean
  readonly dangling: boolean
  readonly change: ChangeState
  /** Its words, and where they stand; empty for none. */
  readonly label: string
  readonly at: { readonly x: number; readonly y: number }
}
/** A picture of the graph as it stands somewhere: what the page shows, or a layout of its own. */
export type SvgPicture = {
  readonly title: string
  readonly theme: 'light' | 'dark'
  readonly nodes: readonly SvgNode[]
  readonly edges: readonly SvgEdge[]
  readonly frames: readonly {
    readonly name: string
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }[]
  /** Signs that are on the picture, in words. */
  readonly legend: readonly { readonly sign: LegendSign; readonly words: string }[]
}
export type LegendSign = 'solid' | 'dashed' | 'added' | 'changed' | 'removed' | 'dangling'

/** The tokens of the page as sRGB: other programs that open the file do not read OKLCH. */
const themes = {
  light: {
    canvas: '#f4f6f8',
    raised: '#ffffff',
    border: '#c0c4ca',
    line: '#8a9097',
    text: '#171d26',
    muted: '#4c545f',
    accent: '#1264c8',
    removed: '#8f6f6b',
    danger: '#c32531',
    warn: '#a86400',
  },
  dark: {
    canvas: '#12161b',
    raised: '#1d2228',
    border: '#454b53',
    line: '#737a83',
    text: '#e6e9ed',
    muted: '#a8b0ba',
    accent: '#6ba7f5',
    removed: '#a98a86',
    danger: '#ff7a75',
    warn: '#e8ae4a',
  },
} as const
type Theme = Record<keyof (typeof themes)['light'], string>

/** Fonts that are on every system, the one of the page first where it is installed. */
const family =
  "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
const margin = 32
const legendHeight = 28

/**
 * The picture as one SVG file that needs nothing else: no style sheet, no script, no font of ours, so that a browser,
 * a drawing program and a document show the same. Names are escaped.
 */
export function toSvg(picture: SvgPicture): string {
  const theme: Theme = themes[picture.theme]
  const boxes = [...picture.nodes, ...picture.frames]
  const left = Math.min(0, ...boxes.map(box => box.x))
  const top = Math.min(0, ...boxes.map(box => box.y))
  // Lines go round nodes, and labels stand above them.
  const right = Math.max(240, ...boxes.map(box => box.x + box.width), ...picture.edges.map(edge => edge.at.x))
  const bottom = Math.max(60, ...boxes.map(box => box.y + box.height), ...picture.edges.map(edge => edge.at.y))
  const legend = picture.legend.length > 0 ? legendHeight + 12 : 0
  const [x, y] = [Math.floor(left - margin), Math.floor(top - margin - 28)]
  const width = Math.ceil(right - left + 2 * margin)
  const height = Math.ceil(bottom - top + 2 * margin + 28 + legend)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" role="img" font-family="${escaped(family)}">`,
    `<title>${escaped(picture.title)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${theme.canvas}"/>`,
    `<text x="${x + margin}" y="${y + 34}" font-size="15" font-weight="600" fill="${theme.text}">${escaped(picture.title)}</text>`,
    ...picture.frames.map(frame => frameOf(frame, theme)),
    ...picture.edges.map(edge => edgeOf(edge, theme)),
    ...picture.nodes.map(node => nodeOf(node, theme)),
    ...picture.edges.map(edge => labelOf(edge, theme)),
    legendOf(picture, theme, x + margin, y + height - margin),
    '</svg>',
  ]
    .filter(Boolean)
    .join('\n')}\n`
}

function frameOf({ name, x, y, width, height }: SvgPicture['frames'][number], theme: Theme): string {
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10" fill="none" stroke="${theme.border}" stroke-dasharray="2 4"/>`,
    `<text x="${x + 12}" y="${y + 20}" font-size="13" font-weight="600" fill="${theme.muted}">${escaped(name)}</text>`,
  ].join('')
}

function colourOf({ dangling, change }: Pick<SvgEdge, 'dangling' | 'change'>, theme: Theme): string {
  if (dangling) return theme.danger
  if (change === 'added' || change === 'changed') return theme.accent
  return change === 'removed' ? theme.removed : theme.line
}

function edgeOf(edge: SvgEdge, theme: Theme): string {
  const { path, end, heading, width, guess, change } = edge
  const colour = colourOf(edge, theme)
  const dashes = change === 'removed' ? ' stroke-dasharray="1.5 4"' : guess ? ' stroke-dasharray="5 4"' : ''
  const back = -8 * heading
  return [
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${round(width)}"${dashes}/>`,
    `<path d="M${round(end.x)} ${round(end.y)}l${back} -4v8Z" fill="${colour}"/>`,
    sign(edge.dangling ? 'dangling' : change, edge.at, colour, theme),
  ].join('')
}

const signs: { readonly [sign: string]: string } = {
  dangling: 'M-3 -3L3 3M3 -3L-3 3',
  added: 'M0 -4V4M-4 0H4',
  changed: 'M-3.5 2.5L0 -3.5L3.5 2.5Z',
  removed: 'M-4 0H4',
}
function sign(kind: string, at: { x: number; y: number }, colour: string, theme: Theme): string {
  const path = signs[kind]
  if (!path) return ''
  return `<g transform="translate(${round(at.x)} ${round(at.y)})"><circle r="8" fill="${theme.canvas}" stroke="${colour}" stroke-width="1.5"/><path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round"/></g>`
}

function labelOf({ label, at, dangling, change }: SvgEdge, theme: Theme): string {
  if (label === '') return ''
  const y = at.y - (dangling || change !== 'same' ? 13 : 5)
  // A stroke of the ground's colour keeps the words readable over lines.
  return `<text x="${round(at.x)}" y="${round(y)}" font-size="11" text-anchor="middle" fill="${theme.muted}" stroke="${theme.canvas}" stroke-width="4" paint-order="stroke">${escaped(label)}</text>`
}

function nodeOf(node: SvgNode, theme: Theme): string {
  const { x, y, width, height, change, wrong } = node
  const outline =
    wrong === 'missing'
      ? `stroke="${theme.danger}" stroke-width="2" stroke-dasharray="5 4"`
      : change === 'added' || change === 'changed'
        ? `stroke="${theme.accent}" stroke-width="2" stroke-dasharray="5 4"`
        : change === 'removed'
          ? `stroke="${theme.removed}" stroke-width="2" stroke-dasharray="1.5 4"`
          : `stroke="${theme.border}"`
  const faint = wrong === 'missing' || change === 'removed' || node.kind === 'external'
  const colour = change === 'removed' ? theme.removed : theme.text
  const lined = change === 'removed' ? ' text-decoration="line-through"' : ''
  const middle = y + height / 2
  const edge = wrong === 'error' ? theme.danger : wrong === 'warning' ? theme.warn : ''
  return [
    '<g>',
    `<title>${escaped(node.id)}</title>`,
    `<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="6" fill="${faint ? theme.canvas : theme.raised}" ${outline}/>`,
    edge && `<rect x="${round(x)}" y="${round(y)}" width="3" height="${height}" rx="1.5" fill="${edge}"/>`,
    `<g transform="translate(${round(x + 27)} ${round(middle)})" fill="none" stroke="${theme.muted}" stroke-width="1.5" stroke-linejoin="round">${glyphs[node.kind]}</g>`,
    `<text x="${round(x + 50)}" y="${round(middle + (node.facts === '' ? 5 : -3))}" font-size="15" font-weight="600" fill="${colour}"${lined}>${escaped(fitted(node.name, width - 60))}</text>`,
    node.facts !== '' &&
      `<text x="${round(x + 50)}" y="${round(middle + 16)}" font-size="12" fill="${theme.muted}">${escaped(fitted(node.facts, width - 60))}</text>`,
    '</g>',
  ]
    .filter(Boolean)
    .join('')
}

/** The kinds by their outlines, 20 by 20 around the middle. */
const glyphs: { readonly [kind in NodeKind]: string } = {
  service: '<path d="M0 -10L8.7 -5V5L0 10L-8.7 5V-5Z"/><circle r="3.2"/>',
  datastore: '<path d="M-8 -6V6C-8 8.8 8 8.8 8 6V-6"/><ellipse cy="-6" rx="8" ry="2.8"/>',
  queue: '<path d="M-9 -6H9V6H-9ZM-3 -6V6M3 -6V6"/>',
  gateway: '<path d="M0 -9L9 0L0 9L-9 0Z"/><path d="M-3 0H3"/>',
  external: '<circle r="9"/><path d="M-9 0H9M0 -9C5 -4 5 4 0 9C-5 4 -5 -4 0 -9"/>',
  edge: '<path d="M-9 6H9V-2L0 -9L-9 -2Z"/>',
}

function legendOf({ legend }: SvgPicture, theme: Theme, x: number, y: number): string {
  let at = x
  return legend
    .map(({ sign: kind, words }) => {
      const colour =
        kind === 'dangling'
          ? theme.danger
          : kind === 'removed'
            ? theme.removed
            : kind === 'added' || kind === 'changed'
              ? theme.accent
              : theme.line
      const mark =
        kind === 'solid' || kind === 'dashed'
          ? `<path d="M${at} ${y}h22" stroke="${colour}" stroke-width="1.5"${kind === 'dashed' ? ' stroke-dasharray="5 4"' : ''}/>`
          : sign(kind, { x: at + 11, y }, colour, theme)
      const entry = `${mark}<text x="${at + 30}" y="${y + 4}" font-size="12" fill="${theme.muted}">${escaped(words)}</text>`
      at += 30 + textWidth(words, 12) + 20
      return entry
    })
    .join('')
}

/** About: 0.58 of the size for a letter of most fonts, all of it for a wide one. */
const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, char) => sum + (char.codePointAt(0)! > 0x2e80 ? 1 : 0.58) * size, 0)

/** Cut from the middle, where names differ least. */
function fitted(text: string, width: number): string {
  const most = Math.floor(width / 7.9)
  const letters = [...text]
  if (letters.length <= most) return text
  const half = Math.max(1, Math.floor((most - 1) / 2))
  return `${letters.slice(0, half).join('')}…${letters.slice(letters.length - half).join('')}`
}

const round = (value: number): number => Math.round(value * 10) / 10

/** Text and attribute values of XML; what XML 1.0 cannot hold is left out. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
