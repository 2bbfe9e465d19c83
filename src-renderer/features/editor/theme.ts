import type { editor } from 'monaco-editor/editor'
import { reportBug } from '../../connection/index.ts'
import { type Palette, themeFrom, tokensOfTheme } from './theme-from-tokens.ts'

const themeName = 'pilothouse'

/**
 * Any CSS colour as `#rrggbbaa`, the only notation Monaco takes. The browser itself converts (our tokens are OKLCH):
 * it paints one pixel and we read it.
 */
function colourReader(): (css: string) => string | null {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return css => {
    if (!context || !CSS.supports('color', css)) return null
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = css
    context.fillRect(0, 0, 1, 1)
    return `#${[...context.getImageData(0, 0, 1, 1).data].map(byte => byte.toString(16).padStart(2, '0')).join('')}`
  }
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const toHex = colourReader()
  const palette: { [token: string]: string } = {}
  for (const token of tokensOfTheme) {
    const css = style.getPropertyValue(token).trim()
    const hex = css === '' ? null : toHex(css)
    if (hex) palette[token] = hex
    else reportBug(new Error(`The editor's theme has no colour for ${token}`))
  }
  return palette
}

/** Colours Monaco from the page's tokens, and again whenever the page turns light or dark. Lasts as long as the page. */
export function followTheme(editors: typeof editor): void {
  const apply = () => {
    const dark = getComputedStyle(document.documentElement).colorScheme.includes('dark')
    editors.defineTheme(themeName, themeFrom(readPalette(), dark))
    editors.setTheme(themeName)
  }
  apply()
  new MutationObserver(apply).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['class', 'data-theme', 'style'],
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply)
}
