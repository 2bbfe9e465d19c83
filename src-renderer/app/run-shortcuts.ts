import { createKeybindingsHandler } from 'tinykeys'
import { type Action, actions } from '../connection/shortcuts.ts'
import { allowedWhileTyping, takesText } from '../connection/typing.ts'

/** tinykeys wants every modifier that is held; `?` is typed with Shift on most keyboards and without on some. */
const bindingsOf = (keys: string): readonly string[] => (keys === '?' ? ['?', 'Shift+?'] : [keys])

const dialogIsOpen = () => document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"]') !== null
const menuIsOpen = () =>
  document.querySelector('[role="menu"][data-state="open"], [role="listbox"][data-state="open"]') !== null

function mayRun(action: Action, event: KeyboardEvent): boolean {
  if (!action.inDialog && dialogIsOpen()) return false
  if (takesText(event.target) && !action.whileTyping && !allowedWhileTyping(action.keys ?? '')) return false
  return action.when()
}

/** One listener for the keys of the whole page; the newest shortcut that may run wins. Returns the end of it. */
export function runShortcuts(): () => void {
  let handle: EventListener = () => {}
  const build = () => {
    const all = actions.getState()
    const keys = new Set(all.flatMap(action => (action.keys === null ? [] : [action.keys])))
    const map: { [binding: string]: (event: KeyboardEvent) => void } = {}
    for (const combination of keys)
      for (const binding of bindingsOf(combination))
        map[binding] = event => {
          if (event.defaultPrevented) return
          const action = actions.getState().findLast(each => each.keys === combination && mayRun(each, event))
          if (!action) return
          event.preventDefault()
          action.run()
        }
    handle = createKeybindingsHandler(map)
  }
  build()
  const leave = actions.subscribe(build)
  const listen = (event: KeyboardEvent) => {
    if (event.isComposing || menuIsOpen()) return
    handle(event)
  }
  window.addEventListener('keydown', listen)
  return () => {
    leave()
    window.removeEventListener('keydown', listen)
  }
}
