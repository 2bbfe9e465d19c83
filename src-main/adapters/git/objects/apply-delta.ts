/**
 * Rebuilds an object from its base and a delta (gitformat-pack, "Deltified representation"): two lengths, then copies
 * from the base and literal bytes. Throws RangeError when the delta does not fit its base; the caller knows which
 * object that is.
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0
  const length = (): number => {
    let result = 0
    let scale = 1
    let byte: number
    do {
      if (at >= delta.length) throw new RangeError('delta ends inside a length')
      byte = delta[at++]!
      result += (byte & 0x7f) * scale
      scale *= 128
    } while (byte & 0x80)
    return result
  }
  if (length() !== base.length) throw new RangeError('delta is for another base')
  const out = Buffer.allocUnsafe(length())
  let to = 0
  while (at < delta.length) {
    const op = delta[at++]!
    if (op & 0x80) {
      let from = 0
      let size = 0
      if (op & 0x01) from = delta[at++]!
      if (op & 0x02) from |= delta[at++]! << 8
      if (op & 0x04) from |= delta[at++]! << 16
      if (op & 0x08) from += delta[at++]! * 0x1000000
      if (op & 0x10) size = delta[at++]!
      if (op & 0x20) size |= delta[at++]! << 8
      if (op & 0x40) size |= delta[at++]! << 16
      if (size === 0) size = 0x10000
      // `!(a <= b)` and not `a > b`: a delta cut short makes NaN of what it lacks.
      if (!(from + size <= base.length) || !(to + size <= out.length)) throw new RangeError('delta copies past the end')
      base.copy(out, to, from, from + size)
      to += size
    } else {
      if (op === 0 || at + op > delta.length || to + op > out.length) throw new RangeError('delta is damaged')
      delta.copy(out, to, at, at + op)
      to += op
      at += op
    }
  }
  if (to !== out.length) throw new RangeError('delta makes too few bytes')
  return out
}
