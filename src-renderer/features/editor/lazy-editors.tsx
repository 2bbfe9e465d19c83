import { Component, lazy, type ReactNode, Suspense } from 'react'
import { reportBug } from '../../connection/index.ts'
import { useText } from '../../design/text.ts'
import './editor.css'
import type { CodeEditorProps, DiffEditorProps } from './editor-props.ts'
import { speakMonaco } from './speak-monaco.ts'

// Monaco reads its own words once, when it loads: they must be there first.
const LoadedCodeEditor = lazy(async () => {
  await speakMonaco()
  return { default: (await import('./code-editor.tsx')).LoadedCodeEditor }
})
const LoadedDiffEditor = lazy(async () => {
  await speakMonaco()
  return { default: (await import('./diff-editor.tsx')).LoadedDiffEditor }
})

/**
 * One file in Monaco. Its code comes when first needed; the caller needs no Suspense. The text can be read and copied
 * also where the editor does not load.
 */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Lazily height={props.height} failed={<PlainText {...props} text={props.value} />}>
      <LoadedCodeEditor key={props.path} {...props} />
    </Lazily>
  )
}

/** One file before and after, side by side or in one column, with long unchanged stretches folded. */
export function DiffEditor(props: DiffEditorProps) {
  return (
    <Lazily height={props.height} failed={<PlainText {...props} text={props.after ?? props.before ?? ''} />}>
      <LoadedDiffEditor key={props.path} {...props} />
    </Lazily>
  )
}

function Lazily(props: { height: number | string | undefined; failed: ReactNode; children: ReactNode }) {
  const text = useText()
  return (
    <FailsTo fallback={props.failed}>
      <Suspense
        fallback={
          <div className="editor-loading" style={{ height: props.height ?? '100%' }} role="status">
            <span>{text('page.editorLoading')}</span>
            <i />
            <i />
            <i />
            <i />
          </div>
        }
      >
        {props.children}
      </Suspense>
    </FailsTo>
  )
}

function PlainText({
  path,
  text,
  height = '100%',
}: {
  path: string
  text: string
  height?: number | string | undefined
}) {
  const say = useText()
  return (
    <div className="editor-plain" style={{ height }}>
      <p role="alert">{say('page.editorUnavailable')}</p>
      <textarea aria-label={say('page.editorReadOnlyLabel', { path })} readOnly value={text} />
    </div>
  )
}

class FailsTo extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override componentDidCatch(error: unknown) {
    reportBug(error)
  }
  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
