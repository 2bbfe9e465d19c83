import { Hidden } from '../../design/index.ts'
import styles from './clusters.module.css'

/** Of a longer name the middle is what gives way; so many letters of its end stay, or its last part where that is short. */
const kept = 18
const most = 24

/** A name whose end is always seen: `arn:aws:eks:eu-central-1:…/shop` is told from its like by its end. */
export function CutName({ name }: { name: string }) {
  if (name.length <= most) return name
  const part = Math.max(...['/', ':', '_', '@'].map(mark => name.lastIndexOf(mark)))
  const at = name.length - part <= most && name.length - part > 3 ? part : name.length - kept
  return (
    <span className={styles['cut']} title={name}>
      <Hidden>{name}</Hidden>
      <span aria-hidden="true">{name.slice(0, at)}</span>
      <span aria-hidden="true">{name.slice(at)}</span>
    </span>
  )
}
