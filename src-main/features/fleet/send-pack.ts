import { Moved } from './ask-node.ts'
import type { How, Pack } from './make-pack.ts'

export type SendNeeds = {
  /** Whether the node has zstd. */
  readonly zstd: boolean
  /** Has the node take the pack from a byte on; the lines it said. */
  readonly receive: (from: number, how: How, pieces: AsyncIterable<Uint8Array>) => Promise<readonly string[]>
  /** Bytes that went over the line now, and how many of the pack are there. */
  readonly progress: (bytes: number, done: number) => void
  /** Milliseconds since whenever. */
  readonly now?: () => number
}

/** OpenSSH takes 2 MiB of a process's input before any of it has arrived: only what follows tells how fast a line is. */
const unheard = 2 * 1024 * 1024
/** Bytes a millisecond, over a second. Above it may be a busy machine, or many nodes: compressing makes them busier. */
const slow = 2000
const longEnough = 1000

/**
 * Sends what a node does not have of a pack yet, which then puts the release together. What zstd undoes costs less than
 * to send it; gzip takes longer than most lines, so without zstd a large pack is sent as it is until the line turns out to
 * be slow. Rejects {@link Moved} where what is there is not what was sent.
 */
export async function sendPack(pack: Pack, has: number, needs: SendNeeds): Promise<void> {
  const { zstd, receive, progress, now = () => performance.now() } = needs
  const left = pack.size - has
  let at = has
  let how: How = left === 0 ? 'plain' : zstd ? 'zstd' : left <= unheard ? 'gzip' : 'plain'

  async function* watched(): AsyncGenerator<Uint8Array> {
    let done = 0
    let since: number | null = null
    for await (const { bytes, of } of pack.pieces(at, how)) {
      yield bytes
      done += of
      progress(bytes.length, at + done)
      if (how !== 'plain' || done < unheard) continue
      since ??= now()
      const took = now() - since
      if (took > longEnough && (done - unheard) / took < slow) return
    }
  }
  for (;;) {
    const lines = await receive(at, how, watched())
    if (lines.includes('done')) return
    const there = Number(lines.find(line => line.startsWith('part '))?.slice('part '.length))
    // It was left off there to be gone on with compressed; anything else is not what was sent.
    if (how !== 'plain' || !(there > at)) throw new Moved()
    at = there
    how = 'gzip'
  }
}
