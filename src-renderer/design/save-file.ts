/** Gives a person a file to keep: the browser's download, which the desktop shell asks a place for. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has taken hold of it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
