import type { EditorCompletion } from './editor-props.ts'
import { monaco } from './monaco.ts'

const kinds = {
  field: monaco.languages.CompletionItemKind.Field,
  variable: monaco.languages.CompletionItemKind.Variable,
  function: monaco.languages.CompletionItemKind.Function,
  keyword: monaco.languages.CompletionItemKind.Keyword,
}

/** Offers completions in one text; Monaco asks by language, so other texts of the same language are left alone. */
export function offerCompletions(
  model: monaco.editor.ITextModel,
  offer: (text: string, offset: number) => readonly EditorCompletion[],
): monaco.IDisposable {
  return monaco.languages.registerCompletionItemProvider(model.getLanguageId(), {
    triggerCharacters: ['.'],
    provideCompletionItems(asked, position) {
      if (asked !== model) return { suggestions: [] }
      const offset = model.getOffsetAt(position)
      const suggestions = offer(model.getValue(), offset).map(({ label, detail, kind, from }) => ({
        label,
        detail,
        kind: kinds[kind],
        insertText: label,
        range: monaco.Range.fromPositions(model.getPositionAt(from), position),
      }))
      return { suggestions }
    },
  })
}
