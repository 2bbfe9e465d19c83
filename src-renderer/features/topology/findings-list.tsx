import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { Finding } from '../../../shared/topology/topology.ts'
import { Button, useSay, useText } from '../../design/index.ts'
import { edgeId } from './model/drawn-graph.ts'
import { useTopology } from './topology-context.ts'
import styles from './topology-screen.module.css'
import { MendButton } from './wiring/edge-actions.tsx'

export const findingGlyphs = { error: CircleAlert, warning: TriangleAlert, info: Info }
export const severities = ['error', 'warning', 'info'] as const
const headings = {
  error: 'wiring.findingsError',
  warning: 'wiring.findingsWarning',
  info: 'wiring.findingsInfo',
} as const
const severityWords = {
  error: 'page.topologySeverityError',
  warning: 'page.topologySeverityWarning',
  info: 'page.topologySeverityInfo',
} as const

/** All that is wrong, the worst first; each leads to its place on the graph and to its file and line. */
export function FindingsList({ findings, onJump }: { findings: readonly Finding[]; onJump(finding: Finding): void }) {
  const text = useText()
  const groups = Map.groupBy(findings, finding => finding.severity)
  return severities.map(severity => {
    const own = groups.get(severity)
    if (!own) return null
    return (
      <section key={severity} className={styles['findingGroup']}>
        <h3>{text(headings[severity], { count: own.length })}</h3>
        <ul>
          {own.map(finding => (
            <OneFinding key={JSON.stringify(finding)} finding={finding} onJump={() => onJump(finding)} />
          ))}
        </ul>
      </section>
    )
  })
}

function OneFinding({ finding, onJump }: { finding: Finding; onJump(): void }) {
  const text = useText()
  const say = useSay()
  const { openManifest } = useTopology()
  const Glyph = findingGlyphs[finding.severity]
  const { node, file, line } = finding
  return (
    <li className={styles['finding']} data-severity={finding.severity}>
      <Glyph aria-label={text(severityWords[finding.severity])} />
      <div>
        <p>{say(finding.message)}</p>
        <div className={styles['findingLinks']}>
          <span>
            <MendButton finding={finding} />
          </span>
          {node !== undefined && (
            <Button size="small" variant="ghost" onClick={onJump}>
              {text('page.topologyShowNode', { name: node })}
            </Button>
          )}
          {file !== undefined && (
            <button
              type="button"
              className={styles['place']}
              onClick={() => {
                if (node !== undefined) onJump()
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

/** The edge a finding is about: a reference to nothing is drawn to the name that nothing answers to. */
export function edgeOf({ kind, node, message }: Finding): string | null {
  const host = message.params?.['host']
  return kind === 'dangling-reference' && node !== undefined && typeof host === 'string' ? edgeId(node, host) : null
}
