import { completionsAt } from '../../../shared/schema/complete.ts'
import { schemaOf } from '../../../shared/schema/schema-of.ts'
import { monaco } from './monaco.ts'

/** The path a model was made for: its first part only tells models of one file apart. */
const pathOf = (model: monaco.editor.ITextModel): string => model.uri.path.split('/').slice(2).join('/')

/** Completes Pilothouse's own files from the published schemas; other YAML is Kubernetes' business. */
export function registerSchemaHelp(): void {
  monaco.languages.registerCompletionItemProvider('yaml', {
    triggerCharacters: [' ', '-', ':'],
    provideCompletionItems(model, { lineNumber, column }) {
      const schema = schemaOf(pathOf(model))
      if (!schema) return { suggestions: [] }
      const word = model.getWordUntilPosition({ lineNumber, column })
      const range = {
        startLineNumber: lineNumber,
        endLineNumber: lineNumber,
        startColumn: word.startColumn,
        endColumn: column,
      }
      return {
        suggestions: completionsAt(schema, model.getValue(), lineNumber, column).map((one, index) => ({
          label: one.label,
          kind:
            one.kind === 'key'
              ? monaco.languages.CompletionItemKind.Property
              : monaco.languages.CompletionItemKind.Value,
          insertText: one.insert,
          // The lines of a new key say themselves how far in they stand.
          insertTextRules: monaco.languages.CompletionItemInsertTextRule.KeepWhitespace,
          // In the order of the schema: what has to be there comes first.
          sortText: String(index).padStart(4, '0'),
          ...(one.about !== undefined && { documentation: one.about }),
          range,
        })),
      }
    },
  })
}
