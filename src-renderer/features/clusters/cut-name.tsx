import { Hidden } from '../../design/index.ts'
import styles from './clusters.module.css'

/** Of a longer name the middle is what gives way. */
const kept = 18

/** A name whose end is always seen: `arn:aws:eks:eu-central-1:…:cluster/shop` is told from its like by its end. */
export function CutName({ name }: { name: string }) {
  if (name.length <= kept * 1.5) return name
  return (
    <span className={styles['cut']} title={name}>
      <Hidden>{name}</Hidden>
      <span aria-hidden="true">{name.slice(0, -kept)}</span>
      <span aria-hidden="true">{name.slice(-kept)}</span>
    </span>
  )
}
