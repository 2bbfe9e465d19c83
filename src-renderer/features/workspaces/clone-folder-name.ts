/** The folder Git would choose: the last part of the address without `.git`. Empty when there is none. */
export function cloneFolderName(url: string): string {
  const path = url
    .trim()
    .replace(/[/\\]+$/, '')
    .replace(/(\/|\\)?\.git$/i, '')
  const name = path.split(/[/\\:]/).at(-1) ?? ''
  return /^[^@?#]+$/.test(name) && path !== name ? name : ''
}
