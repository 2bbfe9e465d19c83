import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

type Colour = readonly [l: number, c: number, h: number]
type Theme = { readonly [token: string]: string }

function theme(name: 'light' | 'dark'): Theme {
  const start = css.indexOf(`:root[data-theme="${name}"] {`)
  const block = css.slice(start, css.indexOf('\n}', start))
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(match => [match[1]!, match[2]!.trim()]))
}

function colour(tokens: Theme, name: string): Colour {
  const value = tokens[name] ?? ''
  const alias = /^var\(--([\w-]+)\)$/.exec(value)
  if (alias) return colour(tokens, alias[1]!)
  const parts = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(value)
  if (!parts) throw new Error(`--${name} is no opaque oklch colour: ${value}`)
  return [Number(parts[1]), Number(parts[2]), Number(parts[3])]
}

/** WCAG 2 relative luminance; the matrices are those of https://bottosson.github.io/posts/oklab/, clipped to sRGB. */
function luminance([lightness, chroma, hue]: Colour): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map(channel => Math.min(1, Math.max(0, channel)))
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
}

function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const grounds = ['canvas', 'surface', 'raised', 'sunken', 'hover']
const meanings = ['ok', 'warn', 'danger', 'info', 'removed', 'accent']
const text: readonly (readonly [string, string])[] = [
  ...['text', 'text-muted', 'text-faint'].flatMap(name => grounds.map(ground => [name, ground] as const)),
  ...['text', 'text-muted', 'accent-text'].map(name => [name, 'selected'] as const),
  ...meanings.flatMap(name =>
    ['canvas', 'surface', 'raised', `${name}-soft`].map(ground => [`${name}-text`, ground] as const),
  ),
  ...['warn-soft', 'danger-soft', 'info-soft', 'ok-soft', 'accent-soft', 'diff-added', 'diff-removed'].map(
    ground => ['text', ground] as const,
  ),
  ['text-muted', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ['stale-text', 'surface'],
  ['stale-text', 'raised'],
]
/** What is seen without words: outlines of controls, marks of a meaning, the ring of the focus. */
const marks: readonly (readonly [string, string])[] = [
  ...['border-control', 'accent', 'ok', 'danger', 'info', 'proposed', 'removed', 'stale'].flatMap(name =>
    ['canvas', 'surface', 'raised'].map(ground => [name, ground] as const),
  ),
]

test.each(['light', 'dark'] as const)('%s: words have 4.5 : 1, marks 3 : 1', name => {
  const tokens = theme(name)
  const of = ([front, ground]: readonly [string, string]) => contrast(colour(tokens, front), colour(tokens, ground))
  const tooFaint = [
    ...text.filter(pair => of(pair) < 4.5).map(pair => `${pair.join(' on ')}: ${of(pair).toFixed(2)} < 4.5`),
    ...marks.filter(pair => of(pair) < 3).map(pair => `${pair.join(' on ')}: ${of(pair).toFixed(2)} < 3`),
  ]
  expect(tooFaint).toEqual([])
})

test('both themes say the same names', () => {
  expect(Object.keys(theme('dark')).sort()).toEqual(Object.keys(theme('light')).sort())
})
