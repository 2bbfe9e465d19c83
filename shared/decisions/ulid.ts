const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A ULID (https://github.com/ulid/spec): 48 bits of time and 80 of chance in Crockford's base 32, 26 characters that
 * sort by time. `time` is in milliseconds since the epoch, `random` gives at least 10 bytes.
 */
export function ulid(time: number, random: Uint8Array): string {
  let rest = time
  let head = ''
  for (let i = 0; i < 10; i++) {
    head = alphabet[rest % 32]! + head
    rest = Math.floor(rest / 32)
  }
  let bits = 0
  let held = 0
  let tail = ''
  for (const byte of random.subarray(0, 10)) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      tail += alphabet[(held >> bits) & 31]
      held &= (1 << bits) - 1
    }
  }
  return head + tail
}

/** True for a ULID or the first characters of one (at least 6, so that a short word is not taken for one). */
export const looksLikeUlid = (text: string): boolean => /^[0-7][0-9A-HJKMNP-TV-Z]{5,25}$/i.test(text)
