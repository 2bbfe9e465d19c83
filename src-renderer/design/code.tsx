import { Check, Copy } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { classes } from './classes.ts'
import styles from './code.module.css'
import { copyText } from './copy-text.ts'
import { useText } from './text.ts'
import { Tooltip } from './tooltip.tsx'

/** An id, a path, a value, as it is written. `block` for several lines. */
export function Code({
  children,
  block = false,
  className,
}: {
  children: ReactNode
  block?: boolean
  className?: string
}) {
  return block ? (
    <pre className={classes(styles['block'], className)}>{children}</pre>
  ) : (
    <code className={classes(styles['code'], className)}>{children}</code>
  )
}

/** A sentence of the catalogue in which commands stand between backticks. */
export function WithCode({ children }: { children: string }) {
  return (
    children
      .split('`')
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no other name and never move
      .map((part, index) => (index % 2 === 1 ? <Code key={index}>{part}</Code> : part))
  )
}

/** A value that is often taken elsewhere (a commit, an image): press to copy `value`, of which `children` is shown. */
export function CopyCode({ value, children }: { value: string; children?: ReactNode }) {
  const text = useText()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    if (!(await copyText(value))) return
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Tooltip label={text(copied ? 'app.copied' : 'app.copy')}>
      <button type="button" className={styles['copy']} onClick={() => void copy()}>
        <span>{children ?? value}</span>
        {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      </button>
    </Tooltip>
  )
}
