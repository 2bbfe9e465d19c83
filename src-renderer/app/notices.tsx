import { useEffect } from 'react'
import { useStore } from 'zustand'
import { isCancelled } from '../../shared/errors.ts'
import { useApi } from '../connection/api.ts'
import { bugReports } from '../connection/bug-reports.ts'
import { copyText } from '../design/copy-text.ts'
import { useSay, useText } from '../design/text.ts'
import { useToasts } from '../design/toasts.tsx'

/** Shown once in this window, also over a lost line that sends them again. */
const shown = new Set<string>()
let lastBug = 0

/** What went wrong with nobody waiting: notices of the core, and bugs of this page with a report to copy. */
export function Notices() {
  const api = useApi()
  const say = useSay()
  const text = useText()
  const toasts = useToasts()
  const reports = useStore(bugReports)

  useEffect(() => {
    const abort = new AbortController()
    const listen = async () => {
      try {
        for await (const notice of api.host.notices({}, { signal: abort.signal })) {
          if (shown.has(notice.id)) continue
          shown.add(notice.id)
          toasts.show({ tone: 'warn', title: say(notice.message) })
        }
      } catch (error) {
        if (isCancelled(error) || abort.signal.aborted) return
        // The line was lost: the call itself waits for the next one.
        setTimeout(listen, 500)
      }
    }
    void listen()
    return () => abort.abort()
  }, [api, say, toasts])

  useEffect(() => {
    const report = reports.at(-1)
    if (!report || report.id <= lastBug) return
    lastBug = report.id
    toasts.show({
      tone: 'danger',
      title: text('app.bugTitle'),
      detail: text('app.bugDetail'),
      action: { label: text('app.copyReport'), run: () => void copyText(`${report.at}\n${report.text}`) },
    })
  }, [reports, text, toasts])
  return null
}
