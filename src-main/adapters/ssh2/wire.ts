/** Reads the fields of SSH's wire format (RFC 4251, 5) in order. Throws RangeError where bytes are missing. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** How many bytes have been read. */
  get at(): number {
    return this.#at
  }
  get isOver(): boolean {
    return this.#at === this.#bytes.length
  }
  string(): Buffer {
    const length = this.uint32()
    if (this.#at + length > this.#bytes.length) throw new RangeError('A field is longer than what is there')
    const from = this.#at
    this.#at += length
    return this.#bytes.subarray(from, this.#at)
  }
  text(): string {
    return this.string().toString('utf8')
  }
  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at)
    this.#at += 4
    return value
  }
  uint64(): bigint {
    const value = this.#bytes.readBigUInt64BE(this.#at)
    this.#at += 8
    return value
  }
}

/** One field of the wire format: its length, then its bytes. */
export const wireString = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** How many fields of a public key follow its type; and, in a certificate on it, its nonce. */
export const fieldsOfKey: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
}
export const certificateSuffix = '-cert-v01@openssh.com'
