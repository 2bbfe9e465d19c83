/**
 * Monaco, cut to what manifests and their diffs need: everything it has would be 19 MB. Only this folder imports it,
 * and only lazily.
 */
import * as monaco from 'monaco-editor/editor'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import 'monaco-editor/features/anchorSelect/register'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/caretOperations/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/comment/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/diffEditor/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/lineSelection/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/readOnlyMessage/register'
import 'monaco-editor/features/smartSelect/register'
// The list of suggestions itself; `features/suggest` is only its inline part.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import 'monaco-editor/features/snippet/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/unicodeHighlighter/register'
import 'monaco-editor/features/wordHighlighter/register'
import 'monaco-editor/features/wordOperations/register'
import 'monaco-editor/languages/definitions/dockerfile/register'
import 'monaco-editor/languages/definitions/go/register'
import 'monaco-editor/languages/definitions/markdown/register'
import 'monaco-editor/languages/definitions/shell/register'
import 'monaco-editor/languages/definitions/yaml/register'
import { registerJson } from './json-language.ts'
import { followTheme } from './theme.ts'

self.MonacoEnvironment = { getWorker: () => new EditorWorker() }
registerJson()
// A link in a manifest is somebody else's text: the editor opens none by itself.
monaco.editor.registerLinkOpener({ open: () => true })
followTheme(monaco.editor)
// Widths are measured once at start; the bundled font may arrive after that.
void document.fonts.load('13px "JetBrains Mono"').then(() => monaco.editor.remeasureFonts())

export { monaco }

let models = 0

/** A text model of its own for one editor: two editors on the same file never share what is typed. */
export function createModel(path: string, language: string, text: string): monaco.editor.ITextModel {
  models += 1
  return monaco.editor.createModel(text, language, monaco.Uri.from({ scheme: 'inmemory', path: `/${models}/${path}` }))
}
