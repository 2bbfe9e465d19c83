import { useCallback, useEffect, useState } from 'react'
import type { AppError } from '../../../../shared/errors.ts'
import { useApi, useQuery } from '../../../connection/index.ts'
import { usePicture, useTopology } from '../topology-context.ts'

type Question = { readonly workspace: string; readonly path: string; readonly round: number }

export type FileText = {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly before: string | null
  /** With the draft; the same as `before` at an older revision. Null: not there, or not text. */
  readonly after: string | null
  readonly error: AppError | null
  retry(): void
}

/** Text of a file of the workspace, asked again whenever the picture changes; the earlier text stays until then. */
export function useFile(path: string | null): FileText {
  const api = useApi()
  const { workspace, revision } = useTopology()
  const round = usePicture(state => state.round)
  const here = path ?? ''
  // `round` is no input of the core's; it makes the question a new one.
  const ask = useCallback(
    ({ workspace, path }: Question, options?: { readonly signal: AbortSignal }) =>
      api.draft.file({ workspace, path }, options),
    [api],
  )
  const draft = useQuery(ask, { workspace, path: here, round }, { skip: path === null || revision !== null })
  const old = useQuery(
    api.workspaces.file,
    { workspace, path: here, ...(revision === null ? {} : { revision }) },
    { skip: path === null || revision === null },
  )
  const asked = revision === null ? draft : old
  const now = revision === null ? draft.value : old.value && { before: old.value.text, after: old.value.text }
  const [kept, setKept] = useState<{ path: string; before: string | null; after: string | null } | null>(null)
  useEffect(() => {
    if (now && path !== null) setKept({ path, before: now.before, after: now.after })
  }, [now, path])
  const text = now ?? (kept?.path === path ? kept : null)
  return {
    status: text ? 'ready' : asked.status === 'failed' ? 'failed' : 'loading',
    before: text?.before ?? null,
    after: text?.after ?? null,
    error: asked.error,
    retry: asked.retry,
  }
}
