import { readSync } from 'node:fs'

const windowBytes = 1 << 20
const windowsKept = 64

/** Reads ranges of a file through windows of a megabyte, the last 64 of them kept: a large pack is never whole in memory. */
export class PackFileReader {
  readonly #descriptor: number
  readonly #windows = new Map<number, Buffer>()

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** Fewer bytes than asked for only at the end of the file. */
  read(offset: number, length: number): Buffer {
    const first = Math.floor(offset / windowBytes)
    const last = Math.floor((offset + length - 1) / windowBytes)
    if (first === last) {
      const from = offset - first * windowBytes
      return this.#window(first).subarray(from, from + length)
    }
    return this.#direct(offset, length)
  }

  #window(number: number): Buffer {
    let window = this.#windows.get(number)
    if (window) this.#windows.delete(number)
    else {
      window = this.#direct(number * windowBytes, windowBytes)
      const [oldest] = this.#windows.keys()
      if (this.#windows.size >= windowsKept && oldest !== undefined) this.#windows.delete(oldest)
    }
    this.#windows.set(number, window)
    return window
  }

  #direct(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < length) {
      const read = readSync(this.#descriptor, bytes, filled, length - filled, offset + filled)
      if (read === 0) break
      filled += read
    }
    return bytes.subarray(0, filled)
  }
}
