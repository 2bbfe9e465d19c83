import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const secret = (): string => randomBytes(32).toString('base64url')

/** Digests have one length, so the comparison takes one time whatever was sent. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Who may talk to the server. A token of 256 bits is good for one entry, which gives a session; the session is what
 * the cookie holds. Only digests are kept.
 */
export class Access {
  #token: Buffer | null = null
  readonly #sessions: Buffer[] = []

  /** A new token; the one before, when unused, is void. */
  issue(): string {
    const token = secret()
    this.#token = digest(token)
    return token
  }

  /** Swaps a token for a session; null when it is wrong or spent. */
  redeem(token: string): string | null {
    if (!this.#token || !timingSafeEqual(this.#token, digest(token))) return null
    this.#token = null
    const session = secret()
    this.#sessions.push(digest(session))
    return session
  }

  admits(session: string): boolean {
    const given = digest(session)
    let known = false
    // All of them, always: the time tells nothing about which.
    for (const one of this.#sessions) known = timingSafeEqual(one, given) || known
    return known
  }
}
