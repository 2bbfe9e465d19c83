import { Command, defaultFilter } from 'cmdk'
import { CornerDownLeft, type LucideIcon, Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useDeferredValue, useState } from 'react'
import { useStore } from 'zustand'
import type { MessageKey } from '../../shared/messages/index.ts'
import { actions, type PaletteItem, paletteSources } from '../connection/shortcuts.ts'
import { classes } from '../design/classes.ts'
import command from '../design/command.module.css'
import { KeyHint } from '../design/key-hint.tsx'
import { Hidden } from '../design/live-region.tsx'
import { useText } from '../design/text.ts'
import { inGroupOrder } from './group-order.ts'
import { overlays, useOverlay } from './overlays.ts'
import styles from './palette.module.css'

type Entry = {
  readonly id: string
  readonly label: string
  readonly hint: string | undefined
  readonly icon: LucideIcon | undefined
  readonly keys: string | null
  readonly keywords: readonly string[]
  readonly group: MessageKey
  run(): void
}

/** At most this many of one group are drawn; typing narrows them. */
const perGroup = 40
/** A match in the keywords alone counts for less than one in the name. */
const keywordWeight = 0.6

/** Every thing and every action, by typing. Ctrl/Cmd-K. */
export function Palette() {
  const open = useOverlay(state => state.open === 'palette')
  return (
    <Dialog.Root open={open} onOpenChange={next => (next ? overlays.show('palette') : overlays.close())}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles['backdrop']} />
        <Dialog.Content className={styles['place']} aria-describedby={undefined}>
          <PaletteInside />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteInside() {
  const text = useText()
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed.trim())
  const all = useStore(actions)
  const sources = useStore(paletteSources)

  const entries: Entry[] = [
    ...all
      .filter(action => !action.keyOnly && action.when())
      .map(action => ({
        id: `action ${action.id}`,
        label: text(action.label, action.params),
        hint: undefined,
        icon: action.icon,
        keys: action.keys,
        keywords: [],
        group: action.group,
        run: action.run,
      })),
    ...new Map(sources.flatMap(source => source(words)).map(item => [item.id, entryOf(item)])).values(),
  ]
  const groups = ranked(entries, words)
  // Kept here, because the list follows the letters a moment later: Enter means the first line until another is chosen.
  const [chosen, setChosen] = useState({ words, id: '' })
  const ids = groups.flatMap(([, items]) => items.map(item => item.id))
  const value = chosen.words === words && ids.includes(chosen.id) ? chosen.id : (ids[0] ?? '')
  const choose = (entry: Entry) => {
    overlays.close()
    // After the dialog has given the focus back, so that an action may move it.
    setTimeout(() => entry.run(), 0)
  }
  return (
    <Command
      label={text('app.search')}
      loop
      shouldFilter={false}
      value={value}
      onValueChange={id => setChosen({ words, id })}
      className={styles['palette']}
    >
      <Dialog.Title asChild>
        <span>
          <Hidden>{text('app.search')}</Hidden>
        </span>
      </Dialog.Title>
      <div className={styles['field']}>
        <Search aria-hidden="true" />
        <Command.Input
          className={classes(command['input'], styles['input'])}
          placeholder={text('app.searchPlaceholder')}
          value={typed}
          onValueChange={setTyped}
        />
        <KeyHint keys="Escape" />
      </div>
      <Command.List className={classes(command['list'], styles['list'])}>
        {groups.length === 0 && (
          <div className={classes(command['empty'], styles['empty'])}>{text('app.nothingFound', { words })}</div>
        )}
        {groups.map(([group, items]) => (
          <Command.Group key={group} heading={text(group)}>
            {items.map(item => (
              <Line key={item.id} item={item} onChoose={choose} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}

function Line({ item, onChoose }: { item: Entry; onChoose(item: Entry): void }) {
  const Icon = item.icon ?? CornerDownLeft
  return (
    <Command.Item className={classes(command['item'], styles['item'])} value={item.id} onSelect={() => onChoose(item)}>
      <Icon aria-hidden="true" />
      <span className={classes(command['label'], styles['label'])}>{item.label}</span>
      <span className={classes(command['hint'], styles['hint'])}>{item.hint}</span>
      {item.keys && <KeyHint keys={item.keys} />}
    </Command.Item>
  )
}

const entryOf = (item: PaletteItem): Entry => ({
  id: item.id,
  label: item.label,
  hint: item.hint,
  icon: item.icon,
  keys: null,
  keywords: item.keywords ?? [],
  group: item.group,
  run: item.run,
})

/** Groups in the order of their best match; without words the screen's own first. */
function ranked(entries: readonly Entry[], words: string): readonly (readonly [MessageKey, readonly Entry[]])[] {
  const scored = entries
    .map(entry => ({ entry, score: words === '' ? 1 : scoreOf(entry, words) }))
    .filter(each => each.score > 0)
  if (words !== '') scored.sort((a, b) => b.score - a.score)
  const groups = new Map<MessageKey, Entry[]>()
  for (const { entry } of scored) {
    const group = groups.get(entry.group) ?? []
    if (group.length < perGroup) group.push(entry)
    groups.set(entry.group, group)
  }
  return words === '' ? inGroupOrder([...groups]) : [...groups]
}

const scoreOf = ({ label, hint, keywords }: Entry, words: string): number =>
  Math.max(defaultFilter(label, words), keywordWeight * defaultFilter([hint ?? '', ...keywords].join(' '), words))
