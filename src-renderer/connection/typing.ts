/** Keys that a text field needs itself, with Ctrl or Cmd: undo, redo, select all, clipboard, moving by words. */
const textKeys = new Set(['z', 'y', 'a', 'c', 'x', 'v', 'backspace', 'delete', 'home', 'end', 'enter'])

/** Does this element take letters? */
export const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    // Monaco's in Chromium: an EditContext on an element that is neither a field nor editable.
    target.getAttribute('role') === 'textbox' ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement &&
      !/^(button|checkbox|radio|range|submit|reset|color|file)$/.test(target.type)))

/** May a shortcut run while text is being typed? Ctrl and Cmd combinations may, except those that edit the text. */
export function allowedWhileTyping(keys: string): boolean {
  const [first = ''] = keys.split(' ')
  const parts = first.split('+')
  const key = (parts.at(-1) ?? '').toLowerCase()
  return /^(\$mod|Control|Meta)\+/.test(first) && !textKeys.has(key) && !key.startsWith('arrow')
}
