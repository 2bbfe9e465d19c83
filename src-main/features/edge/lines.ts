/** Bytes of a line that are kept; what is longer is left out whole. */
const longestLine = 256 * 1024

/** Whole lines of a stream, as many as came at once; half a line waits for its rest. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder()
  let rest = ''
  let tooLong = false
  for await (const bytes of stream) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = parts.pop()!
    if (tooLong && parts.length > 0) {
      parts.shift()
      tooLong = false
    }
    if (rest.length > longestLine) {
      rest = ''
      tooLong = true
    }
    if (parts.length > 0) yield parts
  }
}
