import styles from './key-hint.module.css'

const onMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
const names: { readonly [key: string]: string } = {
  $mod: onMac ? '⌘' : 'Ctrl',
  Control: onMac ? '⌃' : 'Ctrl',
  Meta: onMac ? '⌘' : 'Win',
  Shift: '⇧',
  Alt: onMac ? '⌥' : 'Alt',
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Backspace: '⌫',
  Delete: 'Del',
  ' ': '␣',
  Space: '␣',
}

/** How the keys of a shortcut are written on this machine: `$mod+Shift+z` → `⌘ ⇧ Z`. */
export const keyNames = (keys: string): readonly string[] =>
  keys
    .split(' ')
    .flatMap(press => (press === '+' ? ['+'] : press.split('+')))
    .map(key => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))

/** The keys of a shortcut, in tinykeys' notation. */
export function KeyHint({ keys, quiet = false }: { keys: string; quiet?: boolean }) {
  return (
    <span className={styles['keys']} data-quiet={quiet || undefined}>
      {keyNames(keys).map((key, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the keys of a shortcut never change places
        <kbd key={position} className={styles['key']}>
          {key}
        </kbd>
      ))}
    </span>
  )
}
