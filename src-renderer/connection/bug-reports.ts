import { createStore } from 'zustand/vanilla'

/** A bug as it can be copied into a report. `at` is ISO 8601. */
export type BugReport = { readonly id: number; readonly at: string; readonly text: string }

/** Bugs of this page since it was loaded, newest last; the frame shows each once. */
export const bugReports = createStore<readonly BugReport[]>(() => [])

let lastId = 0

export function reportBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error)
  const at = new Date().toISOString()
  console.error(error)
  bugReports.setState(reports => [...reports, { id: ++lastId, at, text }].slice(-20), true)
}
