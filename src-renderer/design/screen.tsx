import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './screen.module.css'
import { Loading, Skeleton } from './spinner.tsx'

export type ScreenProps = ComponentPropsWithRef<'section'> & {
  /** Names the region for a screen reader. */
  label?: string
  /** A list of places to go to is a `nav`. */
  as?: 'section' | 'nav' | 'article'
}

/** A screen, or one side of it: a column that takes the room there is. */
export const Screen = ({ label, as: As = 'section', className, ...rest }: ScreenProps) => (
  <As
    {...(label !== undefined && { 'aria-label': label })}
    {...rest}
    className={classes(styles['screen'], className)}
  />
)

export type ScreenHeadProps = {
  title: ReactNode
  /** 1 for the screen, 2 for what is chosen in it. */
  level?: 1 | 2
  /** Beside the title: badges. */
  beside?: ReactNode
  /** One line under the title. */
  about?: ReactNode
  /** After the title. */
  children?: ReactNode
  /** At the far end: actions, counts. */
  end?: ReactNode
  /** Goes on in a second line where there is no room. */
  wraps?: boolean
  className?: string
}

/** The line on top of a screen or of one side of it. */
export function ScreenHead({
  title,
  level = 1,
  beside,
  about,
  children,
  end,
  wraps = false,
  className,
}: ScreenHeadProps) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <header className={classes(styles['head'], className)} data-wraps={wraps || undefined}>
      <div className={styles['titles']}>
        <Heading className={styles['title']}>
          <span>{title}</span>
          {beside}
        </Heading>
        {about && <p className={styles['about']}>{about}</p>}
      </div>
      {children}
      {end && <div className={styles['end']}>{end}</div>}
    </header>
  )
}

/** Above a list: a field to search it by, and `choices` that narrow it. */
export const ListFilters = ({ choices, children }: { choices?: ReactNode; children: ReactNode }) => (
  <div className={styles['filters']}>
    {children}
    {choices && <div className={styles['choices']}>{choices}</div>}
  </div>
)

/** Lines of a list or table that is on its way. */
export const LoadingRows = () => (
  <Loading>
    <div className={styles['skeletons']}>
      {[46, 62, 38, 54, 70, 42, 58].map(width => (
        <Skeleton key={width} width={`${width}%`} />
      ))}
    </div>
  </Loading>
)
