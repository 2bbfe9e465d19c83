import type { RemoteProcess } from '../../../needs/ssh.ts'
import { forPeople, PacketReader } from './packet-lines.ts'
import type { GitService } from './service.ts'

const longestComplaint = 64 << 10

/** Git's protocol over a process that runs one of its two programs, near or far. `close` ends what carries it. */
export function processService(process: RemoteProcess, host: string, close: () => PromiseLike<void>): GitService {
  const packets = new PacketReader(process.stdout)
  let words = ''
  const listening = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of process.stderr) {
      words += decoder.decode(chunk, { stream: true })
      if (words.length > longestComplaint) words = words.slice(-longestComplaint)
    }
  })()
  // Cancelled or cut off: stdout says so to whoever is reading.
  listening.catch(() => {})
  return {
    host,
    stateless: false,
    greeting: packets,
    async request(body, last) {
      for await (const chunk of body) await process.stdin.write(chunk)
      if (last) await process.stdin.end()
      return packets
    },
    complaint: () => forPeople(words),
    ended: async () => {
      // What nobody reads would keep the stream, and with it the process, from ending.
      const drained = (async () => {
        for await (const _ of packets.rest());
      })()
      await Promise.allSettled([drained, process.exit, listening])
    },
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]()
      await close()
    },
  }
}
