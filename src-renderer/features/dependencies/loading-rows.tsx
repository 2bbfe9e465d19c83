import { Loading, Skeleton } from '../../design/index.ts'
import styles from './dependencies.module.css'

export function LoadingRows() {
  return (
    <Loading>
      <div className={styles['loading']}>
        {[46, 62, 38, 54, 70, 42, 58].map(width => (
          <Skeleton key={width} width={`${width}%`} />
        ))}
      </div>
    </Loading>
  )
}
