import { Moved } from './ask-node.ts'
import type { How, Pack } from './make-pack.ts'

export type SendNeeds = {
  /** Has the node take the pack from a byte on; the lines it said. */
  readonly receive: (from: number, how: How, pieces: AsyncIterable<Uint8Array>) => Promise<readonly string[]>
  /** Bytes that went over the line now, and how many of the pack are there. */
  readonly progress: (bytes: number, done: number) => void
}

/** OpenSSH takes 2 MiB of a process's input before any of it has arrived; the next 2 MiB tell how fast the line is. */
const unheard = 2 * 1024 * 1024
const heard = 2 * unheard
/** Milliseconds: a line that takes longer for 2 MiB carries less than 8 MB/s, and packing and unpacking are faster. */
const slow = 250

/**
 * Sends what a node does not have of a pack yet, which then puts the release together. A small pack is compressed; a
 * large one is sent as it is until the line turns out to be slower than compressing it. Rejects {@link Moved} where what
 * is there is not what was sent.
 */
export async function sendPack(pack: Pack, has: number, { receive, progress }: SendNeeds): Promise<void> {
  const left = pack.size - has
  let at = has
  let how: How = left > 0 && left <= heard ? 'gzip' : 'plain'

  async function* watched(): AsyncGenerator<Uint8Array> {
    let [done, since] = [0, 0]
    for await (const { bytes, of } of pack.pieces(at, how)) {
      yield bytes
      const before = done
      done += of
      progress(bytes.length, at + done)
      if (how === 'gzip') continue
      if (before < unheard && done >= unheard) since = performance.now()
      if (before < heard && done >= heard && performance.now() - since > slow) return
    }
  }
  for (;;) {
    const lines = await receive(at, how, watched())
    if (lines.includes('done')) return
    const there = Number(lines.find(line => line.startsWith('part '))?.slice('part '.length))
    // It was left off there to be gone on with compressed; anything else is not what was sent.
    if (how === 'gzip' || !(there > at)) throw new Moved()
    at = there
    how = 'gzip'
  }
}
