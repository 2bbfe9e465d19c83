import { Bookmark, BookmarkPlus, BookmarkX, ListFilter } from 'lucide-react'
import { decisionKinds } from '../../../shared/decisions/decision.ts'
import { searchTerms } from '../../../shared/history/read-query.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { outcomes } from '../../../shared/results/result.ts'
import { IconButton, Menu, type MenuItem, useText } from '../../design/index.ts'

type FilterMenuProps = {
  query: string
  saved: readonly string[]
  onQuery(query: string): void
  onSave(query: string): void
  onForget(query: string): void
}

type Term = (typeof searchTerms)[number]
/** What may stand behind a term; where it is anything, an example says it. */
const values: { readonly [K in Term]: readonly string[] | MessageKey } = {
  kind: ['commit', ...decisionKinds],
  service: 'record.termService',
  author: 'record.termAuthor',
  gate: ['pass', 'warn', 'waived'],
  result: outcomes,
  rule: 'record.termRule',
  dependency: 'record.termDependency',
  node: 'record.termNode',
  field: 'record.termField',
  after: 'record.termAfter',
  before: 'record.termBefore',
}

/** What can be searched for besides words, and the searches that were kept. */
export function FilterMenu({ query, saved, onQuery, onSave, onForget }: FilterMenuProps) {
  const text = useText()
  const hintOf = (term: Term): string => {
    const value = values[term]
    return typeof value === 'string' ? text(value) : value.join(', ')
  }
  const now = query.trim()
  const items: MenuItem[] = searchTerms.map(term => ({
    label: `${term}:`,
    hint: hintOf(term),
    run: () => onQuery(`${now === '' ? '' : `${now} `}${term}:`),
  }))
  if (saved.length > 0 || now !== '') items.push({ kind: 'separator' })
  for (const filter of saved) items.push({ label: filter, icon: Bookmark, run: () => onQuery(filter) })
  if (now !== '')
    items.push(
      saved.includes(now)
        ? { label: text('history.filterForget'), icon: BookmarkX, run: () => onForget(now) }
        : { label: text('history.filterSave'), icon: BookmarkPlus, run: () => onSave(now) },
    )
  return (
    <Menu align="end" items={items}>
      <IconButton icon={ListFilter} label={text('history.filters')} />
    </Menu>
  )
}
