import { useCallback, useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { DraftView } from '../../../shared/draft/draft.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { sameJson } from './same-json.ts'

export type Note = DraftView['note']
/** Milliseconds without a key before what was typed is kept by the core. */
const pause = 400

/** What was typed in this window and is not yet what the core says, by workspace. */
const useTyped = create<{ readonly [workspace: string]: Note }>()(() => ({}))
const setTyped = (workspace: WorkspaceId, note: Note) => useTyped.setState({ [workspace]: note })

/**
 * Puts words into the form of a record before it is opened; what was typed there before goes. Beside a draft with edits
 * a record has words of its own.
 */
export const prefillRecord = (workspace: WorkspaceId, note: Note, besideDraft: boolean): void =>
  setTyped(besideDraft ? `${workspace} record` : workspace, note)

/**
 * What was typed in the commit form. Shown at once, kept by the core after a short pause and when the form goes away,
 * so that it is there after a reload and in every window. With `keep` false it lives in this window alone.
 */
export function useNote(workspace: WorkspaceId, view: DraftView, keep: boolean) {
  const { draft } = useApi()
  const { run, error } = useCommand(draft.note)
  const slot = keep ? workspace : `${workspace} record`
  const typed = useTyped(all => all[slot])
  const waiting = useRef(false)
  const known = useRef(view.note)
  known.current = view.note
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  // Once the core says the same, its word counts again, and with it what another window types.
  useEffect(() => {
    const mine = useTyped.getState()[slot]
    if (!mine || !keep || waiting.current) return
    const rest = Object.entries(mine).filter(([field, value]) => !sameJson(view.note[field as keyof Note], value))
    if (rest.length < Object.keys(mine).length) setTyped(slot, Object.fromEntries(rest))
  }, [view.note, slot, keep])

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const unsaved = waiting.current
    waiting.current = false
    if (!unsaved || !keep) return
    // The core keeps the note as one: what was not typed here goes along as it is.
    const { reasons, waivedUntil, ...words } = { ...known.current, ...useTyped.getState()[slot] }
    const answers = {
      ...(reasons && { reasons: { ...reasons } }),
      ...(waivedUntil && { waivedUntil: { ...waivedUntil } }),
    }
    void run({ workspace, note: { ...words, ...answers } })
  }, [keep, run, workspace, slot])

  const change = useCallback(
    (part: Note) => {
      setTyped(slot, { ...useTyped.getState()[slot], ...part })
      waiting.current = true
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, pause)
    },
    [flush, slot],
  )

  /** Forgets what was typed, after it became a commit. */
  const forget = useCallback(() => {
    clearTimeout(timer.current)
    waiting.current = false
    setTyped(slot, {})
  }, [slot])

  useEffect(() => {
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [flush])

  const note: Note = { ...(keep ? view.note : {}), ...typed }
  return { note, change, flush, forget, error }
}
