import { useCallback, useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { DraftView } from '../../../shared/draft/draft.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { sameJson } from './same-json.ts'

export type Note = DraftView['note']
const nothing: Note = {}
/** Milliseconds without a key before what was typed is kept by the core. */
const pause = 400

/** What was typed in this window and is not yet what the core says, by workspace. */
const useTyped = create<{ readonly [workspace: string]: Note }>()(() => ({}))
const setTyped = (workspace: WorkspaceId, note: Note) => useTyped.setState({ [workspace]: note })

const slotOf = (workspace: WorkspaceId, record: boolean): string => (record ? `${workspace} record` : workspace)

/** Puts words into the form of a record before it is opened; of what was typed there before, the rest stays. */
export const prefillRecord = (workspace: WorkspaceId, note: Note): void => setTyped(slotOf(workspace, true), note)

/**
 * What was typed in the commit form of the draft, or in that of a record alone. Shown at once, kept by the core after a
 * short pause and when the form goes away, so that it is there after a reload and in every window.
 */
export function useNote(workspace: WorkspaceId, view: DraftView, record: boolean) {
  const { draft } = useApi()
  const { run, error } = useCommand(draft.note)
  const slot = slotOf(workspace, record)
  const saved: Note = record ? (view.recordNote ?? nothing) : view.note
  const typed = useTyped(all => all[slot])
  const waiting = useRef(false)
  const known = useRef(saved)
  known.current = saved
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  // Once the core says the same, its word counts again, and with it what another window types.
  useEffect(() => {
    const mine = useTyped.getState()[slot]
    if (!mine || waiting.current) return
    const rest = Object.entries(mine).filter(([field, value]) => !sameJson(saved[field as keyof Note], value))
    if (rest.length < Object.keys(mine).length) setTyped(slot, Object.fromEntries(rest))
  }, [saved, slot])

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const unsaved = waiting.current
    waiting.current = false
    if (!unsaved) return
    // The core keeps the note as one: what was not typed here goes along as it is.
    const { reasons, waivedUntil, links, ...words } = { ...known.current, ...useTyped.getState()[slot] }
    const answers = {
      ...(reasons && { reasons: { ...reasons } }),
      ...(waivedUntil && { waivedUntil: { ...waivedUntil } }),
      ...(links && { links: [...links] }),
    }
    void run({ workspace, note: { ...words, ...answers }, ...(record && { record }) })
  }, [record, run, workspace, slot])

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

  const note: Note = { ...saved, ...typed }
  return { note, change, flush, forget, error }
}
