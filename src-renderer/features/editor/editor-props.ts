/** A mark on a text, with the sentence already in the person's language. Lines and columns are 1-based. */
export type EditorMarker = {
  readonly line: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
}

/** What may be written at an offset of the text; `from` is where what it replaces begins. */
export type EditorCompletion = {
  readonly label: string
  readonly detail: string
  readonly kind: 'field' | 'variable' | 'function' | 'keyword'
  readonly from: number
}

export type CodeEditorProps = {
  /** Path from the workspace root; gives the language and the accessible name. */
  readonly path: string
  readonly value: string
  readonly readOnly?: boolean
  /** The whole text; line endings, byte order mark and missing final newline of `value` are kept. */
  readonly onChange?: (text: string) => void
  readonly markers?: readonly EditorMarker[]
  readonly revealLine?: number
  /** Offers while typing. */
  readonly complete?: (text: string, offset: number) => readonly EditorCompletion[]
  /** CSS height; the parent's by default. */
  readonly height?: number | string
}

export type DiffEditorProps = {
  readonly path: string
  /** Null where the file does not exist. */
  readonly before: string | null
  readonly after: string | null
  readonly sideBySide: boolean
  /** CSS height; the parent's by default. */
  readonly height?: number | string
}
