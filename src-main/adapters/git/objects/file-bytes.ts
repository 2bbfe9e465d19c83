import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const windowBytes = 256 * 1024
const windowCount = 64

/**
 * Random access to a file that does not change: held whole when it fits `budget`, else read in windows of 256 KiB of
 * which the 64 last used are kept (16 MiB a file). Holding a file whole also frees its handle, so another git may
 * delete a pack on systems that refuse to delete open files.
 */
export class FileBytes {
  readonly length: number
  readonly whole: Buffer | null
  readonly #descriptor: number | null
  readonly #windows = new Map<number, Buffer>()

  /** Rejects with node's own error when the file cannot be opened. */
  constructor(path: string, budget: (length: number) => boolean) {
    const descriptor = openSync(path, 'r')
    let keep = false
    try {
      this.length = fstatSync(descriptor).size
      if (budget(this.length)) {
        this.whole = Buffer.allocUnsafeSlow(this.length)
        fill(descriptor, this.whole, 0)
        this.#descriptor = null
      } else {
        this.whole = null
        this.#descriptor = descriptor
        keep = true
      }
    } finally {
      if (!keep) closeSync(descriptor)
    }
  }

  /** Bytes of a range, cut at the end of the file. Shared: never write into them. */
  slice(offset: number, length: number): Buffer {
    const end = Math.min(this.length, offset + length)
    if (offset < 0 || offset > end) throw new RangeError('read past the end of the file')
    if (this.whole) return this.whole.subarray(offset, end)
    const first = Math.floor(offset / windowBytes)
    if (Math.floor((end - 1) / windowBytes) === first || end === offset) {
      const start = first * windowBytes
      return this.#window(first).subarray(offset - start, end - start)
    }
    const out = Buffer.allocUnsafeSlow(end - offset)
    fill(this.#descriptor!, out, offset)
    return out
  }

  #window(number: number): Buffer {
    const known = this.#windows.get(number)
    if (known) {
      this.#windows.delete(number)
      this.#windows.set(number, known)
      return known
    }
    const start = number * windowBytes
    const window = Buffer.allocUnsafeSlow(Math.max(0, Math.min(windowBytes, this.length - start)))
    fill(this.#descriptor!, window, start)
    this.#windows.set(number, window)
    if (this.#windows.size > windowCount) this.#windows.delete(this.#windows.keys().next().value!)
    return window
  }

  close(): void {
    this.#windows.clear()
    if (this.#descriptor !== null) closeSync(this.#descriptor)
  }
}

function fill(descriptor: number, into: Buffer, position: number): void {
  let done = 0
  while (done < into.length) {
    const read = readSync(descriptor, into, done, into.length - done, position + done)
    if (read === 0) throw new RangeError('the file ended early')
    done += read
  }
}
