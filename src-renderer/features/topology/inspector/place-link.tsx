import { Fragment } from 'react'
import { useTopology } from '../topology-context.ts'
import styles from './inspector.module.css'

/** Lets a path break after its slashes, and not inside a name. */
const parts = (path: string) =>
  path.split('/').map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a path never change places
    <Fragment key={index}>
      {index > 0 && (
        <>
          /<wbr />
        </>
      )}
      {part}
    </Fragment>
  ))

/** `deploy/cart.yaml:31`; opens the file at that line. */
export function PlaceLink({ file, line }: { file: string; line: number | null }) {
  const { openManifest } = useTopology()
  return (
    <button type="button" className={styles['linkLike']} onClick={() => openManifest(file, line)}>
      {parts(line === null ? file : `${file}:${line}`)}
    </button>
  )
}
