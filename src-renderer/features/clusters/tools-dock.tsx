import { ChevronDown, FileText, ScrollText, SquareTerminal, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { IconButton, Loading, Skeleton, Tabs, useText } from '../../design/index.ts'
import { DescribeView } from './describe-view.tsx'
import styles from './live.module.css'
import { LogView } from './log-view.tsx'
import { type Tool, useOpenTools } from './open-tools.ts'
import { SandboxBadge } from './sandbox-badge.tsx'

// The terminal is a quarter of a megabyte that most people never open.
const TerminalView = lazy(async () => ({ default: (await import('./terminal-view.tsx')).TerminalView }))
const icons = { logs: ScrollText, terminal: SquareTerminal, describe: FileText } as const

/** Logs, terminals and objects at the bottom, over every screen; nothing while none is open. */
export function ToolsDock() {
  const text = useText()
  const { tools, current, show, close, closeAll } = useOpenTools()
  if (tools.length === 0) return null
  return (
    <section className={styles['dock']} aria-label={text('live.tools')}>
      <Tabs
        className={styles['dockTabs'] ?? ''}
        label={text('live.tools')}
        value={current ?? tools[0]!.id}
        onChange={show}
        tabs={tools.map(tool => {
          const Icon = icons[tool.kind]
          return {
            value: tool.id,
            label: (
              <span className={styles['tabLabel']} title={`${tool.context} · ${tool.namespace}`}>
                <Icon aria-hidden="true" />
                <SandboxBadge short sandbox={tool.sandbox} />
                {tool.title}
              </span>
            ),
            content: (
              <Suspense
                fallback={
                  <Loading>
                    <Skeleton width="50%" height={14} />
                  </Loading>
                }
              >
                <ToolView tool={tool} />
              </Suspense>
            ),
          }
        })}
      />
      <span className={styles['dockButtons']}>
        {current !== null && (
          <IconButton size="small" icon={X} label={text('live.closeTool')} onClick={() => close(current)} />
        )}
        {tools.length > 1 && (
          <IconButton size="small" icon={ChevronDown} label={text('live.closeTools')} onClick={closeAll} />
        )}
      </span>
    </section>
  )
}

function ToolView({ tool }: { tool: Tool }) {
  switch (tool.kind) {
    case 'logs':
      return <LogView key={tool.id} tool={tool} />
    case 'terminal':
      return <TerminalView key={tool.id} tool={tool} />
    case 'describe':
      return <DescribeView key={tool.id} tool={tool} />
  }
}
