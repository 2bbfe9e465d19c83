import { Info, Lock, TriangleAlert, X } from 'lucide-react'
import { create } from 'zustand'
import type { RepositoryLimit, WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { Button, IconButton } from '../design/button.tsx'
import { WithCode } from '../design/code.tsx'
import { useSay, useText } from '../design/text.ts'
import styles from './bar.module.css'

/** Put aside in this window, by what was said: something new is said again. */
const useDismissed = create<{ said: readonly string[] }>(() => ({ said: [] }))
const useUnfolded = create<{ open: boolean }>(() => ({ open: false }))

const weight = { 'read-only': 2, 'commit-to-branch': 1, none: 0 } as const

/** What cannot be done in this clone and why, before it is tried. What only informs is one line and can be put aside. */
export function LimitsBar({ status }: { status: WorkspaceStatus }) {
  const text = useText()
  const say = useSay()
  const { said } = useDismissed()
  const { open } = useUnfolded()
  const missing = status.identity === null && status.branch !== null ? [text('app.identityRemedy')] : []
  const limits = [...status.limits].sort((a, b) => weight[b.effect] - weight[a.effect])
  const first = limits[0]
  const worst: RepositoryLimit['effect'] = first?.effect ?? 'none'
  const sentences = [...limits.map(limit => say(limit.message)), ...missing]
  const key = `${status.workspace} ${sentences.join(' ')}`
  if (sentences.length === 0 || (worst !== 'read-only' && said.includes(key))) return null

  const titles = {
    'read-only': text('app.limitReadOnly'),
    'commit-to-branch': text('app.limitBranch'),
    none: missing.length > 0 ? text('app.limitIdentity') : text('app.limitNone'),
  }
  const tone = worst === 'none' && missing.length === 0 ? 'info' : 'warn'
  const Icon = worst === 'read-only' ? Lock : tone === 'warn' ? TriangleAlert : Info
  const [shown, ...others] = sentences
  return (
    <section className={styles['bar']} data-tone={tone} aria-label={text('app.limits')}>
      <Icon aria-hidden="true" />
      {open && others.length > 0 ? (
        <ul className={styles['list']}>
          {sentences.map(sentence => (
            <li key={sentence}>
              <WithCode>{sentence}</WithCode>
            </li>
          ))}
        </ul>
      ) : (
        <div className={styles['words']}>
          <strong>{titles[worst]}</strong>
          <span>
            <WithCode>{shown ?? ''}</WithCode>
          </span>
        </div>
      )}
      {others.length > 0 && (
        <Button size="small" variant="ghost" onClick={() => useUnfolded.setState({ open: !open })} aria-expanded={open}>
          {open ? text('app.less') : text('app.moreCount', { count: others.length })}
        </Button>
      )}
      {worst !== 'read-only' && (
        <IconButton
          icon={X}
          size="small"
          label={text('app.putAside')}
          onClick={() => useDismissed.setState({ said: [...said, key] })}
        />
      )}
    </section>
  )
}
