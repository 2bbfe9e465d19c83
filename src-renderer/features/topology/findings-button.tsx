import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { Finding } from '../../../shared/topology/topology.ts'
import { Button, useSay, useText } from '../../design/index.ts'
import { usePicture, useTopology } from './topology-context.ts'
import styles from './topology-screen.module.css'

const glyphs = { error: CircleAlert, warning: TriangleAlert, info: Info }
const order = { error: 0, warning: 1, info: 2 }

/** How many things are wrong, and the way to each. */
export function FindingsButton({ onJump }: { onJump(node: string): void }) {
  const text = useText()
  const findings = usePicture(state => state.graph?.findings)
  const [open, setOpen] = useState(false)
  if (!findings || findings.length === 0) return null
  const sorted = [...findings].sort((a, b) => order[a.severity] - order[b.severity])
  const worst = sorted[0]!.severity
  const Glyph = glyphs[worst]
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" className={styles['findings']} data-severity={worst}>
          <Glyph aria-hidden="true" />
          {text('page.topologyFindings', { count: findings.length })}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles['findingsPanel']}
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          aria-label={text('page.topologyFindings', { count: findings.length })}
        >
          <ul>
            {sorted.map(finding => (
              <OneFinding
                key={JSON.stringify(finding)}
                finding={finding}
                onJump={node => {
                  setOpen(false)
                  onJump(node)
                }}
              />
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

const severityWords = {
  error: 'page.topologySeverityError',
  warning: 'page.topologySeverityWarning',
  info: 'page.topologySeverityInfo',
} as const

function OneFinding({ finding, onJump }: { finding: Finding; onJump(node: string): void }) {
  const text = useText()
  const say = useSay()
  const { openManifest } = useTopology()
  const Glyph = glyphs[finding.severity]
  const { node, file, line } = finding
  return (
    <li className={styles['finding']} data-severity={finding.severity}>
      <Glyph aria-label={text(severityWords[finding.severity])} />
      <div>
        <p>{say(finding.message)}</p>
        <div className={styles['findingLinks']}>
          {node !== undefined && (
            <Button size="small" variant="ghost" onClick={() => onJump(node)}>
              {text('page.topologyShowNode', { name: node })}
            </Button>
          )}
          {file !== undefined && (
            <button
              type="button"
              className={styles['place']}
              onClick={() => {
                if (node !== undefined) onJump(node)
                openManifest(file, line ?? null)
              }}
            >
              {line === undefined ? file : `${file}:${line}`}
            </button>
          )}
        </div>
      </div>
    </li>
  )
}
