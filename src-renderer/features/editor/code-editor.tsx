import { useEffect, useEffectEvent, useRef } from 'react'
import { checkSchema } from '../../../shared/schema/check.ts'
import { schemaOf } from '../../../shared/schema/schema-of.ts'
import { useSay, useText } from '../../design/text.ts'
import type { CodeEditorProps, EditorMarker } from './editor-props.ts'
import { keepLineEndings } from './keep-line-endings.ts'
import { languageOf } from './language-of.ts'
import { createModel, monaco } from './monaco.ts'
import { offerCompletions } from './offer-completions.ts'
import { registerSchemaHelp } from './schema-help.ts'
import { sharedOptions } from './shared-options.ts'

registerSchemaHelp()

type Editor = ReturnType<typeof monaco.editor.create>

/** One file in Monaco. Loaded lazily through this folder's door. */
export function LoadedCodeEditor(props: CodeEditorProps) {
  const { path, value, readOnly = false, markers, revealLine, height = '100%', onChange, complete } = props
  const t = useText()
  const say = useSay()
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor | null>(null)
  /** What the page has, byte for byte; Monaco's own text has one line ending. */
  const known = useRef(value)
  /** Texts that were reported and may come back late, while the next key was already pressed. */
  const sent = useRef<string[]>([])
  const now = useEffectEvent(() => value)
  const report = useEffectEvent((text: string) => onChange?.(text))
  const offers = useEffectEvent(() => complete !== undefined)
  const offer = useEffectEvent((text: string, offset: number) => complete?.(text, offset) ?? [])

  useEffect(() => {
    known.current = now()
    const model = createModel(path, languageOf(path), known.current)
    const created = monaco.editor.create(place.current!, {
      ...sharedOptions,
      model,
      folding: true,
      // Prose has long lines.
      wordWrap: languageOf(path) === 'markdown' ? 'on' : 'off',
      // A key that is begun is plain text to the colours, and so a string.
      quickSuggestions: schemaOf(path) ? { other: true, strings: true, comments: false } : false,
      // In YAML an expression is a text, where Monaco offers nothing by itself.
      ...(offers() && {
        quickSuggestions: { other: true, strings: true, comments: false },
        acceptSuggestionOnEnter: 'smart',
      }),
    })
    editor.current = created
    const listening = model.onDidChangeContent(() => {
      const text = keepLineEndings(known.current, model.getValue())
      if (text === known.current) return
      known.current = text
      sent.current.push(text)
      report(text)
    })
    const offering = offerCompletions(model, (text, offset) => offer(text, offset))
    return () => {
      editor.current = null
      listening.dispose()
      offering.dispose()
      created.dispose()
      model.dispose()
    }
  }, [path])

  useEffect(() => {
    editor.current?.updateOptions({
      readOnly,
      renderLineHighlight: readOnly ? 'none' : 'line',
      ariaLabel: t(readOnly ? 'page.editorReadOnlyLabel' : 'page.editorLabel', { path }),
      // A text one cannot type in must not keep the Tab key.
      tabFocusMode: readOnly,
    })
  }, [readOnly, t, path])

  useEffect(() => {
    const model = editor.current?.getModel()
    const echo = sent.current.indexOf(value)
    if (echo >= 0) sent.current.splice(0, echo + 1)
    if (!model || echo >= 0 || value === known.current) return
    known.current = value
    sent.current = []
    // As an edit, so that undo and the caret survive what another window typed.
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value.replace('\uFEFF', '') }], () => null)
  }, [value])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (!model) return
    monaco.editor.setModelMarkers(
      model,
      'pilothouse',
      (markers ?? []).map(marker => toMonaco(marker, model)),
    )
  }, [markers])

  // One of Pilothouse's own files is held against its schema while it is typed; what the core has said of a line stands.
  useEffect(() => {
    const model = editor.current?.getModel()
    const schema = schemaOf(path)
    if (!model || !schema) return
    const told = new Set(markers?.map(marker => marker.line))
    const problems = checkSchema(schema, value).filter(({ line }) => !told.has(line))
    monaco.editor.setModelMarkers(
      model,
      'schema',
      problems.map(({ line, column, message }) =>
        toMonaco({ line, column, severity: 'warning', message: say(message) }, model),
      ),
    )
  }, [path, value, markers, say])

  useEffect(() => {
    if (revealLine === undefined) return
    editor.current?.revealLineInCenter(revealLine)
    editor.current?.setPosition({ lineNumber: revealLine, column: 1 })
  }, [revealLine])

  // The graph beside it listens for the space bar everywhere but in `nokey`.
  return <div ref={place} className="editor-place nokey" style={{ height }} />
}

const severities = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  info: monaco.MarkerSeverity.Info,
}

function toMonaco(marker: EditorMarker, model: monaco.editor.ITextModel): monaco.editor.IMarkerData {
  const line = Math.min(Math.max(marker.line, 1), model.getLineCount())
  const startColumn = marker.column ?? (model.getLineFirstNonWhitespaceColumn(line) || 1)
  return {
    severity: severities[marker.severity],
    message: marker.message,
    startLineNumber: line,
    startColumn,
    endLineNumber: marker.endLine ?? line,
    endColumn: marker.endColumn ?? model.getLineMaxColumn(line),
  }
}
