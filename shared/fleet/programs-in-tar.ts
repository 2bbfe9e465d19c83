const block = 512

/** The first bytes of each file in a tar archive (ustar, with long names of GNU), by path; a broken archive gives what came before. */
export function programsInTar(bytes: Uint8Array): readonly { readonly path: string; readonly head: Uint8Array }[] {
  const files: { path: string; head: Uint8Array }[] = []
  const field = (start: number, length: number): string =>
    new TextDecoder().decode(bytes.subarray(start, start + length)).split('\0')[0]!
  let long: string | null = null
  for (let at = 0; at + block <= bytes.length; ) {
    const name = field(at, 100)
    const size = Number.parseInt(field(at + 124, 12).trim() || '0', 8)
    if (name === '' || !Number.isSafeInteger(size) || at + block + size > bytes.length) break
    const type = field(at + 156, 1)
    if (type === 'L') long = field(at + block, size)
    else {
      if (type === '0' || type === '')
        files.push({ path: long ?? name, head: bytes.subarray(at + block, at + block + Math.min(size, 20)) })
      long = null
    }
    at += block + Math.ceil(size / block) * block
  }
  return files
}
