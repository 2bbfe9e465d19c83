import { RotateCw } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { fromBase64 } from '../../../shared/edge/base64.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import { toAppError, useApi } from '../../connection/index.ts'
import type { EmulatorHandle, EmulatorSize } from '../../design/emulator.tsx'
import { Button, Callout, ErrorState, useText } from '../../design/index.ts'
import styles from './edge.module.css'
import type { OfNode } from './node-detail.tsx'
import { Waiting } from './rows-pane.tsx'

// The emulator is a library of its own, loaded when somebody opens a terminal.
const Emulator = lazy(async () => ({ default: (await import('../../design/emulator.tsx')).Emulator }))

/** The login shell of the node. It ends when the tab is left. */
export function TerminalTab({ of, sandbox }: { of: OfNode; sandbox: boolean }) {
  const text = useText()
  const [round, setRound] = useState(0)
  const [ended, setEnded] = useState<{ readonly code: number | null } | null>(null)
  const [error, setError] = useState<AppError | null>(null)
  const again = () => {
    setEnded(null)
    setError(null)
    setRound(was => was + 1)
  }
  return (
    <div className={styles['pane']}>
      {sandbox && <p className={styles['sandboxNote']}>{text('edge.terminalSandbox')}</p>}
      {ended && (
        <div className={styles['notes']}>
          <Callout
            title={text(ended.code === null ? 'edge.terminalLost' : 'edge.terminalEnded', { code: ended.code ?? '' })}
            action={
              <Button size="small" icon={RotateCw} onClick={again}>
                {text('edge.terminalAgain')}
              </Button>
            }
          />
        </div>
      )}
      {error ? (
        <ErrorState error={error} title={text('edge.terminalFailed')} onRetry={again} />
      ) : (
        <Suspense fallback={<Waiting />}>
          <Shell key={round} of={of} onEnd={setEnded} onError={setError} />
        </Suspense>
      )}
    </div>
  )
}

function Shell({
  of,
  onEnd,
  onError,
}: {
  of: OfNode
  onEnd(end: { readonly code: number | null }): void
  onError(error: AppError): void
}) {
  const api = useApi()
  const text = useText()
  const terminal = useRef<string | null>(null)
  const shown = useRef<EmulatorSize | null>(null)
  const calls = useRef({ onEnd, onError })
  useEffect(() => {
    calls.current = { onEnd, onError }
  })
  const tell = (error: unknown) => {
    // Keys typed after the end of a shell reach nobody, and that was told.
    if (!isCancelled(error) && terminal.current !== null) calls.current.onError(toAppError(error))
  }

  function begin(handle: EmulatorHandle): () => void {
    const abort = new AbortController()
    const read = async () => {
      const { columns, rows } = handle.size
      shown.current = { columns, rows }
      for await (const item of api.edge.terminal({ ...of, columns, rows }, { signal: abort.signal })) {
        if (item.kind === 'opened') {
          terminal.current = item.terminal
          handle.focus()
          // It may have been resized while it was opened.
          if (handle.size.columns !== columns || handle.size.rows !== rows) resize(handle.size)
        } else if (item.kind === 'output') handle.write(fromBase64(item.bytes))
        else calls.current.onEnd({ code: item.code })
      }
      terminal.current = null
    }
    read().catch((error: unknown) => {
      terminal.current = null
      if (!abort.signal.aborted && !isCancelled(error)) calls.current.onError(toAppError(error))
    })
    return () => abort.abort()
  }
  function resize(size: EmulatorSize): void {
    shown.current = size
    if (terminal.current !== null) api.edge.resize({ terminal: terminal.current, ...size }).catch(tell)
  }
  return (
    <Emulator
      label={text('edge.terminalOf', { node: of.node })}
      onReady={begin}
      onType={typed => {
        if (terminal.current !== null) api.edge.type({ terminal: terminal.current, text: typed }).catch(tell)
      }}
      onResize={resize}
    />
  )
}
