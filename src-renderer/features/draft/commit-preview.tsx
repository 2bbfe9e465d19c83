import { useState } from 'react'
import { Code, Segmented, useText } from '../../design/index.ts'
import { Markdown } from '../markdown/index.ts'
import styles from './commit-dialog.module.css'
import type { CommitForm } from './commit-form.ts'

type Shown = 'rendered' | 'message'

/** The decision as people will read it, or the commit message as Git will. */
export function CommitPreview({ form, title, message }: { form: CommitForm; title: string; message(): string }) {
  const text = useText()
  const [shown, setShown] = useState<Shown>('rendered')
  return (
    <section aria-label={text('page.draftPreview')} className={styles['preview']}>
      <h3 className={styles['heading']}>
        {text('page.draftPreview')}
        <Segmented<Shown>
          size="small"
          label={text('page.draftPreview')}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'rendered', label: text('page.draftRendered') },
            { value: 'message', label: text('page.draftMessage') },
          ]}
        />
      </h3>
      {shown === 'message' ? (
        <>
          <Code block className={styles['message'] ?? ''}>
            {message()}
          </Code>
          <p className={styles['hint']}>{text('page.draftMessageHint')}</p>
        </>
      ) : (
        <div className={styles['rendered']}>
          <p className={styles['renderedTitle']}>{title || text('page.draftUntitled')}</p>
          {form.why.trim() ? (
            <Markdown text={form.why} />
          ) : (
            <p className={styles['hint']}>{text('page.draftWhyEmpty')}</p>
          )}
          {form.alternatives.trim() && (
            <>
              <h4>{text('page.draftAlternatives')}</h4>
              <Markdown text={form.alternatives} />
            </>
          )}
          {form.consequences.trim() && (
            <>
              <h4>{text('page.draftConsequences')}</h4>
              <Markdown text={form.consequences} />
            </>
          )}
        </div>
      )}
    </section>
  )
}
