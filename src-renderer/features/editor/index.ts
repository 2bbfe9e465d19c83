export type { CodeEditorProps, DiffEditorProps, EditorMarker } from './editor-props.ts'
export { CodeEditor, DiffEditor } from './lazy-editors.tsx'
