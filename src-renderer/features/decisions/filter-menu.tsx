import { Bookmark, BookmarkPlus, BookmarkX, ListFilter } from 'lucide-react'
import { searchTerms } from '../../../shared/history/read-query.ts'
import { IconButton, Menu, type MenuItem, useText } from '../../design/index.ts'

type FilterMenuProps = {
  query: string
  saved: readonly string[]
  onQuery(query: string): void
  onSave(query: string): void
  onForget(query: string): void
}

const examples: { readonly [K in (typeof searchTerms)[number]]: string } = {
  kind: 'kind:scale',
  service: 'service:checkout',
  author: 'author:ada',
  gate: 'gate:warn',
  after: 'after:2026-01-01',
  before: 'before:2026-12-31',
}

/** What can be searched for besides words, and the searches that were kept. */
export function FilterMenu({ query, saved, onQuery, onSave, onForget }: FilterMenuProps) {
  const text = useText()
  const now = query.trim()
  const items: MenuItem[] = searchTerms.map(term => ({
    label: text('history.filterBy', { term: examples[term] }),
    icon: ListFilter,
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
