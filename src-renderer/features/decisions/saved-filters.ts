import { useState } from 'react'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'

const slot = (workspace: WorkspaceId): string => `log-filters ${workspace}`

/** Searches of the log that a person keeps, on this machine, newest first. What cannot be read is none. */
export function useSavedFilters(workspace: WorkspaceId) {
  const [saved, setSaved] = useState<readonly string[]>(() => readFilters(localStorage.getItem(slot(workspace))))
  const keep = (next: readonly string[]): void => {
    localStorage.setItem(slot(workspace), JSON.stringify(next))
    setSaved(next)
  }
  return {
    saved,
    save: (query: string) => keep([query, ...saved.filter(other => other !== query)].slice(0, 20)),
    forget: (query: string) => keep(saved.filter(other => other !== query)),
  }
}

export function readFilters(text: string | null): readonly string[] {
  if (text === null) return []
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
  } catch (error) {
    // Another version, or another hand: the filters are gone, the log is not.
    if (error instanceof SyntaxError) return []
    throw error
  }
}
