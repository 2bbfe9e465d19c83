/**
 * Prints a document of its own, and so into a PDF, without leaving the page: in a frame that is taken away once the
 * person is done with the dialog.
 */
export function printDocument(html: string): Promise<void> {
  const frame = document.createElement('iframe')
  // Off the screen, but drawn: what is not displayed is not printed.
  frame.style.cssText = 'position:fixed;right:0;bottom:0;width:1px;height:1px;border:0;visibility:hidden'
  frame.title = 'print'
  return new Promise((resolve, reject) => {
    frame.onload = () => {
      const view = frame.contentWindow
      if (!view) {
        frame.remove()
        reject(new Error('The frame to print in has no window.'))
        return
      }
      // Some browsers come back at once and print from the frame later; not all say when they have.
      view.addEventListener('afterprint', () => frame.remove(), { once: true })
      setTimeout(() => frame.remove(), longest)
      view.focus()
      view.print()
      resolve()
    }
    frame.srcdoc = html
    document.body.append(frame)
  })
}

/** Milliseconds that a person may take over the print dialog where nothing tells its end. */
const longest = 600_000
