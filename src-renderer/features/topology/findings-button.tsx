import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useText } from '../../design/index.ts'
import { edgeOf, FindingsList, findingGlyphs, severities } from './findings-list.tsx'
import { usePicture, useTopology } from './topology-context.ts'
import styles from './topology-screen.module.css'

/** How many things are wrong, and the way to each. */
export function FindingsButton({ onJump }: { onJump(node: string): void }) {
  const text = useText()
  const { picture, select } = useTopology()
  const findings = usePicture(state => state.graph?.findings)
  const [open, setOpen] = useState(false)
  if (!findings || findings.length === 0) return null
  const worst = severities.find(severity => findings.some(finding => finding.severity === severity))!
  const Glyph = findingGlyphs[worst]
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
          <FindingsList
            findings={findings}
            onJump={finding => {
              setOpen(false)
              if (finding.node !== undefined) onJump(finding.node)
              const edge = edgeOf(finding)
              if (edge !== null && picture.store.getState().graph?.edges.has(edge)) select({ kind: 'edge', id: edge })
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
