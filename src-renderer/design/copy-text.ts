/** Puts a text on the clipboard. False where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Not allowed or not there (no focus, no secure context): the caller says so, and the text can still be selected.
    return false
  }
}
