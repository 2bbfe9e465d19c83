/** Time and chance, given so that tests can fix them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Minutes east of UTC, now. */
  offset(): number
  /** Cryptographically random bytes. */
  random(bytes: number): Uint8Array
}
