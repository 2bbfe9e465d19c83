import { useTopology } from '../topology-context.ts'
import styles from './inspector.module.css'

/** `deploy/cart.yaml:31`; opens the file at that line. */
export function PlaceLink({ file, line }: { file: string; line: number | null }) {
  const { openManifest } = useTopology()
  return (
    <button type="button" className={styles['linkLike']} onClick={() => openManifest(file, line)}>
      {line === null ? file : `${file}:${line}`}
    </button>
  )
}
