import type { PacketReader } from './packet-lines.ts'

export type ServiceName = 'git-upload-pack' | 'git-receive-pack'

/**
 * One conversation with one of git's two server programs, whatever carries it. Over http each request is answered on
 * its own and repeats what was agreed (`stateless`); over ssh and on this machine it is one stream both ways.
 */
export interface GitService extends AsyncDisposable {
  /** For messages; no credentials. */
  readonly host: string
  readonly stateless: boolean
  /** Begins with the list of refs. */
  readonly greeting: PacketReader
  /** Sends; the answer is read from what is returned. `last`: nothing will be sent after this. */
  request(body: AsyncIterable<Uint8Array>, last: boolean): Promise<PacketReader>
  /** What the program has written to its error stream so far; empty over http. */
  complaint(): string
  /** Resolves when the program has ended (at once over http), so that `complaint` is complete. */
  ended(): Promise<void>
}
