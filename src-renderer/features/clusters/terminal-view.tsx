import { RotateCw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useApi } from '../../connection/index.ts'
import { Badge, Button, ErrorNote, Select, Spinner, useText } from '../../design/index.ts'
import styles from './live.module.css'
import type { Tool } from './open-tools.ts'
import { openTerminal, type TerminalState } from './terminal-session.ts'

/** A shell in a container of a Pod. */
export function TerminalView({ tool }: { tool: Extract<Tool, { kind: 'terminal' }> }) {
  const text = useText()
  const api = useApi()
  const place = useRef<HTMLDivElement>(null)
  const [container, setContainer] = useState(tool.containers[0] ?? '')
  const [state, setState] = useState<TerminalState>({ kind: 'connecting' })
  const [round, setRound] = useState(0)
  const { context, namespace, pod } = tool
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` opens another
  useEffect(() => {
    const element = place.current
    if (!element) return
    const target = { context, namespace, pod, ...(container !== '' && { container }) }
    const terminal = openTerminal(element, api, target, text('live.terminalOf', { pod }), setState, () =>
      element.closest('section')?.querySelector<HTMLElement>('[role="tab"][data-state="active"]')?.focus(),
    )
    return () => terminal[Symbol.dispose]()
  }, [api, context, namespace, pod, container, round])
  return (
    <div className={styles['tool']}>
      <div className={styles['toolBar']}>
        {tool.containers.length > 1 && (
          <Select
            plain
            label={text('live.container')}
            value={container}
            onChange={setContainer}
            options={tool.containers.map(value => ({ value, label: value }))}
          />
        )}
        <span className={styles['quiet']} role="status">
          {state.kind === 'connecting' && (
            <span className={styles['connecting']}>
              <Spinner />
              {text('live.isConnecting')}
            </span>
          )}
          {state.kind === 'open' && text('live.terminalKeys')}
          {state.kind === 'ended' && (
            <Badge tone="stale">{text('live.terminalEnded', { code: state.code ?? '–' })}</Badge>
          )}
        </span>
        <span className={styles['gap']} />
        {(state.kind === 'ended' || state.kind === 'failed') && (
          <Button size="small" icon={RotateCw} onClick={() => setRound(was => was + 1)}>
            {text('live.terminalAgain')}
          </Button>
        )}
      </div>
      {state.kind === 'failed' && <ErrorNote error={state.error} />}
      <div ref={place} className={styles['terminal']} data-ended={state.kind !== 'open' || undefined} />
    </div>
  )
}
