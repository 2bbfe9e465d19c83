/** Undo belongs to the text field or editor that has the focus, if one has. */
export function isTyping(): boolean {
  const element = document.activeElement
  if (!(element instanceof HTMLElement)) return false
  return element.isContentEditable || element.matches('input, textarea, select, [role="textbox"]')
}
