import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { createStore } from 'zustand/vanilla'
import type { MessageKey, MessageParams } from '../../shared/messages/index.ts'

/** An action that has a key, or only a line in the palette. */
export type Action = {
  readonly id: number
  /** In tinykeys' notation, `$mod+k`, `g t`, `?`; null when it has no key. */
  readonly keys: string | null
  readonly label: MessageKey
  readonly params: MessageParams | undefined
  readonly group: MessageKey
  readonly icon: LucideIcon | undefined
  /** False: it is neither listed nor carried out just now. */
  readonly when: () => boolean
  readonly run: () => void
  /** Works while a text field has the focus too. Combinations with Ctrl or Cmd always do. */
  readonly whileTyping: boolean
  /** Works while a dialog is open. */
  readonly inDialog: boolean
  /** Listed by `?` but left out of the palette, e.g. arrow keys. */
  readonly keyOnly: boolean
}

export type ShortcutOptions = {
  /** Asked at the moment of the key and when listed; the newest shortcut whose `when` holds wins a key. */
  readonly when?: () => boolean
  readonly group?: MessageKey
  readonly params?: MessageParams
  readonly icon?: LucideIcon
  readonly whileTyping?: boolean
  readonly inDialog?: boolean
  readonly keyOnly?: boolean
}

/** A thing the palette finds: a service, a decision, a file. `label` is already in the person's language. */
export type PaletteItem = {
  readonly id: string
  readonly label: string
  /** A second, quieter text: the kind, the folder, the date. */
  readonly hint?: string
  readonly group: MessageKey
  readonly icon?: LucideIcon
  /** Further words it is found by. */
  readonly keywords?: readonly string[]
  run(): void
}
export type PaletteSource = (typed: string) => readonly PaletteItem[]

export const actions = createStore<readonly Action[]>(() => [])
export const paletteSources = createStore<readonly PaletteSource[]>(() => [])

let lastId = 0

/**
 * `useShortcut('r', 'page.topology.resetView', () => …)`: the key works while the component is there, `?` lists it and
 * the palette offers it. With `null` for keys it is only an action of the palette.
 */
export function useShortcut(
  keys: string | null,
  label: MessageKey,
  handler: () => void,
  options: ShortcutOptions = {},
): void {
  const latest = useRef({ handler, options })
  latest.current = { handler, options }
  const { group = 'app.groupHere', icon, whileTyping = false, inDialog = false, keyOnly = false } = options
  const params = JSON.stringify(options.params ?? null)
  useEffect(() => {
    const action: Action = {
      id: ++lastId,
      keys,
      label,
      params: JSON.parse(params) ?? undefined,
      group,
      icon,
      when: () => latest.current.options.when?.() ?? true,
      run: () => latest.current.handler(),
      whileTyping,
      inDialog,
      keyOnly,
    }
    actions.setState(all => [...all, action], true)
    return () => actions.setState(all => all.filter(other => other !== action), true)
  }, [keys, label, params, group, icon, whileTyping, inDialog, keyOnly])
}

/** Adds things to the palette while the component is there. The function is asked at every letter: keep it quick. */
export function usePaletteSource(source: PaletteSource): void {
  const latest = useRef(source)
  latest.current = source
  useEffect(() => {
    const mine: PaletteSource = typed => latest.current(typed)
    paletteSources.setState(all => [...all, mine], true)
    return () => paletteSources.setState(all => all.filter(other => other !== mine), true)
  }, [])
}
