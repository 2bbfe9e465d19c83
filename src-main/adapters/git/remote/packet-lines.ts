/** One packet of git's protocol: its bytes, one of the marks that carry none, or the end of the stream. */
export type Packet = Buffer | 'flush' | 'delimiter' | 'end' | null

/** Largest payload of a packet (gitprotocol-common). */
const largestPayload = 65_516

export const packetLine = (payload: string | Uint8Array): Buffer => {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  if (bytes.length > largestPayload) throw new RangeError('a packet is too long')
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0'), 'latin1'), bytes])
}

export const flushPacket: Buffer = Buffer.from('0000', 'latin1')

/** What arrived is not in git's protocol. The text is safe to show: it quotes at most a few printable bytes. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/** Takes packets off a stream, and what follows them. Packets that lie in one chunk are not copied. */
export class PacketReader {
  readonly #source: AsyncIterator<Uint8Array>
  #chunk: Buffer = Buffer.alloc(0)
  /** True when at least one byte has arrived. */
  started = false

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Null at the end of the stream. */
  async next(): Promise<Packet> {
    if (!(await this.#fill(4))) {
      if (this.#chunk.length > 0) throw new ProtocolError('it ended inside a packet')
      return null
    }
    const digits = this.#chunk.toString('latin1', 0, 4)
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw new ProtocolError(`expected a packet, found ${printable(this.#chunk)}`)
    const length = Number.parseInt(digits, 16)
    if (length < 4) {
      this.#chunk = this.#chunk.subarray(4)
      if (length === 0) return 'flush'
      if (length === 1) return 'delimiter'
      if (length === 2) return 'end'
      throw new ProtocolError('a packet of length 3')
    }
    if (!(await this.#fill(length))) throw new ProtocolError('it ended inside a packet')
    const payload = this.#chunk.subarray(4, length)
    this.#chunk = this.#chunk.subarray(length)
    return payload
  }

  /** A packet as text without its line end; the marks and the end of the stream as they are. */
  async nextLine(): Promise<string | Exclude<Packet, Buffer>> {
    const packet = await this.next()
    return lineOf(packet)
  }

  /** Everything that has not been read, as it arrives. */
  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.#chunk.length > 0) {
      const chunk = this.#chunk
      this.#chunk = Buffer.alloc(0)
      yield chunk
    }
    for (;;) {
      const { done, value } = await this.#source.next()
      if (done) return
      yield value
    }
  }

  async #fill(length: number): Promise<boolean> {
    if (this.#chunk.length >= length) return true
    const parts = [this.#chunk]
    let have = this.#chunk.length
    while (have < length) {
      const { done, value } = await this.#source.next()
      if (done) break
      if (value.length === 0) continue
      this.started = true
      parts.push(Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength))
      have += value.length
    }
    this.#chunk = parts[0]!.length === 0 && parts.length === 2 ? parts[1]! : Buffer.concat(parts)
    return have >= length
  }
}

export const lineOf = (packet: Packet): string | Exclude<Packet, Buffer> =>
  Buffer.isBuffer(packet) ? packet.toString('utf8').replace(/\n$/, '') : packet

const printable = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1', 0, 24).replace(/[^ -~]/g, '.'))

/**
 * Takes the bands of a side-band stream apart: yields the first, hands over the second (what the remote says to
 * people), throws what comes on the third.
 */
export async function* sideBand(packets: PacketReader, say: (text: string) => void): AsyncGenerator<Buffer> {
  for (;;) {
    const packet = await packets.next()
    if (packet === null) throw new ProtocolError('it ended before it was finished')
    if (!Buffer.isBuffer(packet)) return
    const band = packet[0]
    if (band === 1) yield packet.subarray(1)
    else if (band === 2) say(packet.toString('utf8', 1))
    else if (band === 3) throw new RemoteComplaint(packet.toString('utf8', 1))
    else throw new ProtocolError(`band ${band}`)
  }
}

/** The remote's own words on why it will not go on. */
export class RemoteComplaint extends Error {
  override readonly name = 'RemoteComplaint'
  constructor(words: string) {
    super(forPeople(words))
  }
}

/** Text of the other side without what could drive a terminal, progress lines reduced to their last state. */
export const forPeople = (words: string): string =>
  words
    .split('\n')
    .map(line => line.replace(/\r$/, '').split('\r').at(-1)!)
    .map(line =>
      line
        .replace(/\p{Cc}\[[0-9;?]*[A-Za-z]/gu, '')
        .replace(/[^\P{Cc}\t]/gu, '')
        .trimEnd(),
    )
    .join('\n')
    .trim()
