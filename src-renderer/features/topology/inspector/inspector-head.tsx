import { PanelRightClose } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ChangeState } from '../../../../shared/topology/topology.ts'
import { Badge, IconButton, useText } from '../../../design/index.ts'
import { changeWords } from '../model/words.ts'
import styles from './inspector-head.module.css'

/** What is inspected: its glyph, its name, what it is, what the draft makes of it; and the way out. */
export function InspectorHead({
  glyph,
  title,
  name,
  about,
  change = 'same',
  actions,
  onClose,
}: {
  glyph?: ReactNode
  /** The whole name, for a tooltip. */
  title?: string
  name: ReactNode
  about: ReactNode
  change?: ChangeState
  actions?: ReactNode
  onClose(): void
}) {
  const text = useText()
  const word = changeWords[change]
  return (
    <header className={styles['head']}>
      {glyph}
      <div className={styles['titles']}>
        <h2 title={title} data-removed={change === 'removed' || undefined}>
          {name}
        </h2>
        <p>{about}</p>
      </div>
      {word && <Badge tone={change === 'removed' ? 'removed' : 'proposed'}>{text(word)}</Badge>}
      <div className={styles['buttons']}>
        {actions}
        <IconButton
          icon={PanelRightClose}
          label={text('page.topologyCloseInspector')}
          shortcut="Escape"
          onClick={onClose}
        />
      </div>
    </header>
  )
}
