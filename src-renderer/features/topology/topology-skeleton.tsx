import { Loading, Skeleton } from '../../design/index.ts'
import styles from './topology-screen.module.css'

const columns = [1, 3, 5, 2]

/** The real layout before anything is known: toolbar (`bar`, where it is not there yet), and columns of cards. */
export function TopologySkeleton({ bar = true }: { bar?: boolean }) {
  return (
    <div className={styles['loading']}>
      <Loading>
        {bar && (
          <div className={styles['toolbar']}>
            <Skeleton width={132} height={24} />
            <Skeleton width={240} height={24} />
            <span className={styles['gap']} />
            <Skeleton width={104} height={24} />
            <Skeleton width={112} height={24} />
          </div>
        )}
        <div className={styles['skeleton']}>
          {columns.map((rows, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns never change places
            <div key={column} className={styles['skeletonColumn']}>
              {Array.from({ length: rows }, (_, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows never change places
                <div key={row} className={styles['skeletonNode']}>
                  <Skeleton width={28} height={28} />
                  <div>
                    <Skeleton width={110 - row * 12} height={12} />
                    <Skeleton width={76 + row * 6} height={10} />
                  </div>
                </div>
              ))}
            </div>
          ))}
        </div>
      </Loading>
    </div>
  )
}
