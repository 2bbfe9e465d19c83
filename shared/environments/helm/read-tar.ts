const block = 512

/**
 * The text files of a tar archive (ustar, with long names of GNU and pax) by path, without the folder that holds them
 * all, as a packed chart has one. Files that are no UTF-8 text are left out; a broken archive gives what came before.
 */
export function readTar(bytes: Uint8Array): ReadonlyMap<string, string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const files = new Map<string, string>()
  const text = (start: number, length: number): string | null => {
    try {
      return decoder.decode(bytes.subarray(start, start + length))
    } catch (error) {
      // Not text: a picture beside the templates.
      if (error instanceof TypeError) return null
      throw error
    }
  }
  const field = (start: number, length: number): string => (text(start, length) ?? '').split('\0')[0]!
  let long: string | null = null
  for (let at = 0; at + block <= bytes.length; ) {
    const name = field(at, 100)
    if (name === '') break
    const size = Number.parseInt(field(at + 124, 12).trim() || '0', 8)
    if (!Number.isSafeInteger(size) || at + block + size > bytes.length) break
    const type = field(at + 156, 1)
    const prefix = field(at + 257, 5) === 'ustar' ? field(at + 345, 155) : ''
    const path = long ?? (prefix === '' ? name : `${prefix}/${name}`)
    long = null
    if (type === 'L') long = field(at + block, size)
    else if (type === 'x') long = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text(at + block, size) ?? '')?.[1] ?? null
    else if (type === '0' || type === '') {
      const content = text(at + block, size)
      const inside = path.replace(/^\.\//, '').split('/').slice(1)
      if (content !== null && inside.length > 0 && !inside.includes('..')) files.set(inside.join('/'), content)
    }
    at += block + Math.ceil(size / block) * block
  }
  return files
}
