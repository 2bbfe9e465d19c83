/** Characters nobody sees; macOS leaves some of them out when it compares names (git's `next_hfs_char`). */
const ignoredByMac = /\p{Cf}/gu

/**
 * True for a name that may be written into a work tree on any system. Refused are `.git` in every disguise (case,
 * Windows' short name and trailing dots, characters macOS ignores, NTFS streams), folders that lead out, and, on
 * Windows, what it cannot hold.
 */
export function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return false
  const plain = name.replace(ignoredByMac, '').toLowerCase()
  if (/^(\.git|git~1)[. ]*(:.*)?$/.test(plain)) return false
  if (process.platform !== 'win32') return !/^(\.git|git~1)[. ]*[\\:]/.test(plain)
  return !/[\\:*?"<>|\p{Cc}]/u.test(name) && !/[. ]$/.test(name) && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)
}
