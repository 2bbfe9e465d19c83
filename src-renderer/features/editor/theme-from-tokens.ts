import type { editor } from 'monaco-editor/editor'

/** `#rrggbbaa` by token of design/tokens.css. */
export type Palette = { readonly [token: string]: string }

/** Monaco's colour: our token, and how opaque of 255 where not fully. */
const colours: { readonly [monaco: string]: readonly [token: string, alpha?: number] } = {
  'editor.background': ['--surface'],
  'editor.foreground': ['--text'],
  'editorLineNumber.foreground': ['--text-faint'],
  // Of the empty line after the last line end.
  'editorLineNumber.dimmedForeground': ['--text-faint'],
  'editorLineNumber.activeForeground': ['--text'],
  'editorCursor.foreground': ['--accent'],
  'editor.selectionBackground': ['--accent', 70],
  'editor.inactiveSelectionBackground': ['--accent', 40],
  'editor.selectionHighlightBackground': ['--accent', 30],
  'editor.wordHighlightBackground': ['--accent', 28],
  'editor.wordHighlightStrongBackground': ['--accent', 40],
  'editor.findMatchBackground': ['--warn', 110],
  'editor.findMatchHighlightBackground': ['--warn', 55],
  'editor.lineHighlightBackground': ['--hover', 130],
  'editor.lineHighlightBorder': ['--hover', 0],
  'editorIndentGuide.background1': ['--border'],
  'editorIndentGuide.activeBackground1': ['--border-strong'],
  'editorWhitespace.foreground': ['--border-strong'],
  'editorBracketMatch.background': ['--accent', 40],
  'editorBracketMatch.border': ['--accent', 0],
  'editorBracketHighlight.foreground1': ['--text-muted'],
  'editorBracketHighlight.foreground2': ['--text-muted'],
  'editorBracketHighlight.foreground3': ['--text-muted'],
  'editorGutter.background': ['--surface'],
  'editorGutter.foldingControlForeground': ['--text-faint'],
  'editorWidget.background': ['--raised'],
  'editorWidget.foreground': ['--text'],
  'editorWidget.border': ['--border-strong'],
  'editorHoverWidget.background': ['--raised'],
  'editorHoverWidget.foreground': ['--text'],
  'editorHoverWidget.border': ['--border-strong'],
  'editorSuggestWidget.background': ['--raised'],
  'editorSuggestWidget.border': ['--border-strong'],
  'editorSuggestWidget.foreground': ['--text'],
  'editorSuggestWidget.selectedBackground': ['--selected'],
  'editorSuggestWidget.selectedForeground': ['--text'],
  'editorSuggestWidget.selectedIconForeground': ['--text-muted'],
  'editorSuggestWidget.highlightForeground': ['--accent-text'],
  'editorSuggestWidget.focusHighlightForeground': ['--accent-text'],
  'editorError.foreground': ['--danger'],
  'editorWarning.foreground': ['--warn'],
  'editorInfo.foreground': ['--info'],
  'editorUnicodeHighlight.border': ['--warn'],
  'editorUnicodeHighlight.background': ['--warn', 40],
  'input.background': ['--surface'],
  'input.foreground': ['--text'],
  'input.border': ['--border-control'],
  'input.placeholderForeground': ['--text-faint'],
  'inputOption.activeBackground': ['--accent', 60],
  'inputOption.activeForeground': ['--text'],
  'inputOption.activeBorder': ['--accent'],
  focusBorder: ['--accent'],
  foreground: ['--text'],
  'icon.foreground': ['--text-muted'],
  'widget.shadow': ['--text', 26],
  'scrollbar.shadow': ['--text', 0],
  'scrollbarSlider.background': ['--border-strong', 130],
  'scrollbarSlider.hoverBackground': ['--border-strong', 190],
  'scrollbarSlider.activeBackground': ['--border-strong'],
  'diffEditor.insertedTextBackground': ['--ok', 75],
  'diffEditor.removedTextBackground': ['--danger', 66],
  'diffEditor.insertedLineBackground': ['--diff-added'],
  'diffEditor.removedLineBackground': ['--diff-removed'],
  'diffEditorGutter.insertedLineBackground': ['--diff-added'],
  'diffEditorGutter.removedLineBackground': ['--diff-removed'],
  'diffEditor.border': ['--border'],
  'diffEditor.diagonalFill': ['--border', 120],
  'diffEditor.unchangedRegionBackground': ['--sunken'],
  'diffEditor.unchangedRegionForeground': ['--text-muted'],
  'diffEditor.unchangedRegionShadow': ['--sunken'],
  'diffEditor.unchangedCodeBackground': ['--surface', 0],
}

/** Syntax in four quiet colours: keys carry the structure, values are what one reads, comments step back. */
const syntax: readonly (readonly [scope: string, token: string, style?: string])[] = [
  ['', '--text'],
  ['comment', '--text-faint', 'italic'],
  ['type', '--accent-text'],
  ['tag', '--accent-text'],
  ['key', '--accent-text'],
  ['attribute.name', '--accent-text'],
  ['string', '--text'],
  ['number', '--info-text'],
  ['keyword', '--info-text'],
  ['operators', '--text-muted'],
  ['delimiter', '--text-muted'],
  ['namespace', '--warn-text'],
  ['variable', '--warn-text'],
  ['meta', '--text-muted'],
  ['string.link', '--accent-text'],
  ['strong', '--text', 'bold'],
  ['emphasis', '--text', 'italic'],
]

/** Every token a theme is made from. */
export const tokensOfTheme: readonly string[] = [
  ...new Set([...Object.values(colours).map(([token]) => token), ...syntax.map(([, token]) => token)]),
]

/** A theme for Monaco from the page's own colours; a token that is not there leaves Monaco's base theme as it is. */
export function themeFrom(palette: Palette, dark: boolean): editor.IStandaloneThemeData {
  const mapped: { [monaco: string]: string } = {}
  for (const [name, [token, alpha]] of Object.entries(colours)) {
    const hex = palette[token]
    if (hex) mapped[name] = alpha === undefined ? hex : `${hex.slice(0, 7)}${alpha.toString(16).padStart(2, '0')}`
  }
  return {
    base: dark ? 'vs-dark' : 'vs',
    // Monaco's own rules name languages (`string.yaml`) and would win over ours.
    inherit: false,
    colors: mapped,
    rules: syntax.flatMap(([scope, token, style]) => {
      const hex = palette[token]
      return hex ? [{ token: scope, foreground: hex.slice(1, 7), ...(style ? { fontStyle: style } : {}) }] : []
    }),
  }
}
