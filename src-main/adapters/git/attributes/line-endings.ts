import type { PathAttributes } from './attributes.ts'

/** How git turns text of a path between repository and work tree (`convert.c`). */
export type LineEndings = {
  /** `guess`: only where the content looks like text (`text=auto`, `core.autocrlf`). */
  readonly kind: 'binary' | 'text' | 'guess'
  readonly workTree: 'lf' | 'crlf'
}
export type LineEndingSettings = {
  readonly autocrlf: 'true' | 'false' | 'input'
  /** `core.eol` where it names one. */
  readonly eol: 'lf' | 'crlf' | null
}

/** Decides from the attributes `text`, `crlf` and `eol`, and the configuration. */
export function lineEndings(attributes: PathAttributes, { autocrlf, eol }: LineEndingSettings): LineEndings {
  const nativeCrlf = eol !== null ? eol === 'crlf' : process.platform === 'win32'
  const textDefault = autocrlf === 'true' ? 'crlf' : autocrlf === 'input' ? 'lf' : nativeCrlf ? 'crlf' : 'lf'
  const text = attributes.get('text') ?? attributes.get('crlf')
  const wanted = attributes.get('eol')
  const fixed = wanted === 'lf' || wanted === 'crlf' ? wanted : null
  if (text === false) return { kind: 'binary', workTree: 'lf' }
  if (text === 'auto') return { kind: 'guess', workTree: fixed ?? textDefault }
  if (text === 'input') return { kind: 'text', workTree: fixed ?? 'lf' }
  // `eol` alone makes it text.
  if (text === true || fixed) return { kind: 'text', workTree: fixed ?? textDefault }
  if (autocrlf === 'false') return { kind: 'binary', workTree: 'lf' }
  return { kind: 'guess', workTree: autocrlf === 'true' ? 'crlf' : 'lf' }
}

type Counts = {
  readonly nul: number
  readonly loneCr: number
  readonly loneLf: number
  readonly crlf: number
  readonly binary: boolean
}

/** Git's guess (`gather_stats`, `convert_is_binary`). */
function count(data: Uint8Array): Counts {
  let nul = 0
  let loneCr = 0
  let loneLf = 0
  let crlf = 0
  let printable = 0
  let odd = 0
  for (let at = 0; at < data.length; at++) {
    const byte = data[at]!
    if (byte === 13) {
      if (data[at + 1] === 10) {
        crlf++
        at++
      } else loneCr++
    } else if (byte === 10) loneLf++
    else if (byte === 127) odd++
    else if (byte < 32) {
      if (byte === 8 || byte === 9 || byte === 27 || byte === 12) printable++
      else {
        if (byte === 0) nul++
        odd++
      }
    } else printable++
  }
  // A Ctrl-Z at the end is from DOS.
  if (data.at(-1) === 26) odd--
  return { nul, loneCr, loneLf, crlf, binary: loneCr > 0 || nul > 0 || printable >> 7 < odd }
}

/** Bytes of the work tree for bytes of the repository. */
export function toWorkTree(data: Buffer, { kind, workTree }: LineEndings): Buffer {
  if (kind === 'binary' || workTree === 'lf' || data.length === 0) return data
  const { loneLf, loneCr, crlf, binary } = count(data)
  if (loneLf === 0 || (kind === 'guess' && (loneCr > 0 || crlf > 0 || binary))) return data
  const out = Buffer.allocUnsafe(data.length + loneLf)
  let to = 0
  for (let at = 0; at < data.length; at++) {
    const byte = data[at]!
    if (byte === 10 && data[at - 1] !== 13) out[to++] = 13
    out[to++] = byte
  }
  return out
}

/**
 * Bytes of the repository for bytes of the work tree. `recorded`: what the index holds for the path now; text that is
 * recorded with CRLF is guessed to be meant so.
 */
export function toRepository(data: Buffer, { kind }: LineEndings, recorded: () => Buffer | null): Buffer {
  if (kind === 'binary' || data.length === 0) return data
  const { crlf, binary } = count(data)
  if (crlf === 0) return data
  if (kind === 'guess') {
    if (binary) return data
    const known = recorded()
    if (known) {
      const counts = count(known)
      if (!counts.binary && counts.crlf > 0) return data
    }
  }
  const out = Buffer.allocUnsafe(data.length)
  let to = 0
  for (let at = 0; at < data.length; at++) if (data[at] !== 13 || data[at + 1] !== 10) out[to++] = data[at]!
  return out.subarray(0, to)
}
