import { useEffect, useEffectEvent, useRef } from 'react'
import { useText } from '../../design/text.ts'
import type { DiffEditorProps } from './editor-props.ts'
import { languageOf } from './language-of.ts'
import { createModel, monaco } from './monaco.ts'
import { sharedOptions } from './shared-options.ts'

type Editor = ReturnType<typeof monaco.editor.createDiffEditor>

/** One file before and after, read only. Loaded lazily through this folder's door. */
export function LoadedDiffEditor({ path, before, after, sideBySide, height = '100%' }: DiffEditorProps) {
  const t = useText()
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor | null>(null)
  const atStart = useEffectEvent(() => ({
    before: before ?? '',
    after: after ?? '',
  }))

  useEffect(() => {
    const { before, after } = atStart()
    const language = languageOf(path)
    const original = createModel(path, language, before)
    const modified = createModel(path, language, after)
    const created = monaco.editor.createDiffEditor(place.current!, {
      ...sharedOptions,
      readOnly: true,
      originalEditable: false,
      tabFocusMode: true,
      useInlineViewWhenSpaceIsLimited: false,
      // Indentation is meaning in YAML.
      ignoreTrimWhitespace: false,
      renderMarginRevertIcon: false,
      renderGutterMenu: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 4, minimumLineCount: 6 },
      diffAlgorithm: 'advanced',
      maxComputationTime: 3000,
      renderOverviewRuler: false,
      renderLineHighlight: 'none',
    })
    // Of our own, so that it can be ended before its texts go: Monaco lets its own one run on and reports a bug.
    const comparison = created.createViewModel({ original, modified })
    created.setModel(comparison)
    const compared = created.onDidUpdateDiff(() => {
      compared.dispose()
      created.revealFirstDiff()
    })
    editor.current = created
    return () => {
      editor.current = null
      compared.dispose()
      created.setModel(null)
      comparison.dispose()
      created.dispose()
      original.dispose()
      modified.dispose()
    }
  }, [path])

  useEffect(() => {
    // Monaco forgets the names of its two sides with every change of an option that does not say them again.
    const names = {
      originalAriaLabel: t('page.editorBeforeLabel', { path }),
      modifiedAriaLabel: t('page.editorAfterLabel', { path }),
    }
    editor.current?.updateOptions({ renderSideBySide: sideBySide, ...names })
  }, [sideBySide, t, path])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (!model) return
    if (model.original.getValue() !== (before ?? '')) model.original.setValue(before ?? '')
    if (model.modified.getValue() !== (after ?? '')) model.modified.setValue(after ?? '')
  }, [before, after])

  return <div ref={place} className="editor-place" style={{ height }} />
}
