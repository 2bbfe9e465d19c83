import type { DiffedSet } from '../../../shared/dependencies/contract.ts'
import type { ChangeGroup, Dragged } from '../../../shared/dependencies/explain-diff.ts'

/** One line of a comparison: a module's heading, a change of something asked for, what it dragged in, or the rest. */
export type ChangeRow =
  | { readonly kind: 'set'; readonly key: string; readonly set: DiffedSet }
  | {
      readonly kind: 'cause'
      readonly key: string
      readonly set: DiffedSet
      readonly group: ChangeGroup
      readonly open: boolean
    }
  | {
      readonly kind: 'change'
      readonly key: string
      readonly set: DiffedSet
      readonly item: Dragged
      /** What it is shown below; null for the rest. */
      readonly group: ChangeGroup | null
    }
  | { readonly kind: 'rest'; readonly key: string; readonly set: DiffedSet }
  | { readonly kind: 'note'; readonly key: string; readonly set: DiffedSet; readonly note: Note }

export type Note =
  | { readonly kind: 'became-direct' | 'became-indirect'; readonly name: string }
  | { readonly kind: 'replaced'; readonly name: string; readonly from: string | null; readonly to: string | null }

/** The lines of a comparison with what is filtered out left out, and only open groups unfolded. A search unfolds them. */
export function changeRows(sets: readonly DiffedSet[], words: string, open: ReadonlySet<string>): ChangeRow[] {
  const wanted = words.trim().toLowerCase()
  const fits = ({ name }: { readonly name: string }): boolean => wanted === '' || name.toLowerCase().includes(wanted)
  return sets.flatMap(set => {
    const place = `${set.folder} ${set.ecosystem} ${set.services.join()}`
    const rows: ChangeRow[] = []
    for (const group of set.explanation.groups) {
      const { cause } = group
      const key = `${place} ${cause.change} ${cause.name} ${cause.from} ${cause.to}`
      const dragged = fits(cause) ? group.dragged : group.dragged.filter(fits)
      if (!fits(cause) && dragged.length === 0) continue
      const isOpen = open.has(key) || (wanted !== '' && !fits(cause))
      rows.push({ kind: 'cause', key, set, group, open: isOpen })
      if (isOpen)
        for (const item of dragged)
          rows.push({
            kind: 'change',
            key: `${key} › ${item.change} ${item.name} ${item.from} ${item.to}`,
            set,
            item,
            group,
          })
    }
    const rest = set.explanation.rest.filter(fits)
    if (rest.length > 0) rows.push({ kind: 'rest', key: `${place} rest`, set })
    for (const item of rest)
      rows.push({
        kind: 'change',
        key: `${place} ${item.change} ${item.name} ${item.from} ${item.to}`,
        set,
        item,
        group: null,
      })
    const notes: Note[] = [
      ...set.diff.becameDirect.map(name => ({ kind: 'became-direct' as const, name })),
      ...set.diff.becameIndirect.map(name => ({ kind: 'became-indirect' as const, name })),
      ...set.diff.replaced.map(each => ({ kind: 'replaced' as const, ...each })),
    ].filter(fits)
    for (const note of notes) rows.push({ kind: 'note', key: `${place} ${note.kind} ${note.name}`, set, note })
    return rows.length === 0 ? [] : [{ kind: 'set' as const, key: place, set }, ...rows]
  })
}
