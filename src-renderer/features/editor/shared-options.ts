import type { editor } from 'monaco-editor/editor'

/** What every editor of the page has in common. Type sizes and line heights are DESIGN's 12 px on its 4 px grid. */
export const sharedOptions = {
  automaticLayout: true,
  fontFamily: "'JetBrains Mono', ui-monospace, monospace",
  fontSize: 12,
  lineHeight: 20,
  fontLigatures: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  renderWhitespace: 'selection',
  fixedOverflowWidgets: true,
  padding: { top: 8, bottom: 8 },
  lineNumbersMinChars: 3,
  tabSize: 2,
  detectIndentation: true,
  // What stands in a manifest is Kubernetes' business: a stray unusual line end is kept, not asked about.
  unusualLineTerminators: 'off',
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
  links: false,
  contextmenu: false,
  accessibilitySupport: 'auto',
  bracketPairColorization: { enabled: false },
  guides: { indentation: true, bracketPairs: false },
  stickyScroll: { enabled: false },
  // Only what a schema says is proposed, and nothing is taken without being chosen.
  wordBasedSuggestions: 'off',
  suggestOnTriggerCharacters: true,
  acceptSuggestionOnCommitCharacter: false,
  acceptSuggestionOnEnter: 'smart',
} satisfies editor.IEditorOptions & editor.IGlobalEditorOptions
