import type { Architecture } from '../edge/edge-schema.ts'
import { architectureOfMachine } from './architecture.ts'

/** What a node says of itself and of the services asked for; see the verb `look` of the node's script. */
export type Look = {
  readonly machine: string
  /** Null for a processor that is none of ours. */
  readonly architecture: Architecture | null
  readonly isRoot: boolean
  /** Where services lie: `/opt/pilothouse`. */
  readonly base: string
  /** Version of systemd; null where it does not run. */
  readonly systemd: string | null
  readonly tools: ReadonlySet<string>
  /** Free space where services lie, in kB of 1024 bytes. */
  readonly freeKb: number
  /** Names of all services with releases there, asked for or not. */
  readonly found: readonly string[]
  readonly services: ReadonlyMap<string, ServiceLook>
}
export type ServiceLook = {
  /** Digest of the release that runs; null for none. */
  readonly current: string | null
  readonly version: string | null
  /** A change that was begun and not confirmed. */
  readonly pending: { readonly digest: string; readonly before: string | null; readonly deadline: number } | null
  /** The last change that was put back: its digest, why, and when (seconds since 1970). */
  readonly reverted: { readonly digest: string; readonly reason: string; readonly at: number } | null
  readonly active: string
  /** True where the unit is the one of the current release. */
  readonly linked: boolean
  readonly affinity: string
  readonly incoming: readonly string[]
  readonly releases: readonly string[]
  /** What the current release was made of, and what its files are by now (SHA-256; absent for one that is gone). */
  readonly files: readonly {
    readonly path: string
    readonly mode: string
    readonly sha256: string
    readonly actual: string | null
  }[]
  readonly unit: string
}

type Draft = { -readonly [K in keyof ServiceLook]: ServiceLook[K] extends readonly (infer I)[] ? I[] : ServiceLook[K] }

const digestOf = (text: string | undefined): string | null =>
  text !== undefined && /^[0-9a-f]{64}$/.test(text) ? text : null

/** Reads the answer of `look`. What a node says is data: lines nobody knows are passed over. */
export function readLook(answer: string): Look {
  const top = new Map<string, string>()
  const tools = new Set<string>()
  const found: string[] = []
  const services = new Map<string, ServiceLook>()
  let here: Draft | null = null
  const manifest: { path: string; mode: string; sha256: string }[] = []
  let actual = new Map<string, string>()
  const close = (): void => {
    if (here) here.files.push(...manifest.map(file => ({ ...file, actual: actual.get(file.path) ?? null })))
    manifest.length = 0
    actual = new Map()
  }
  for (const line of answer.split('\n')) {
    const space = line.indexOf(' ')
    const word = space < 0 ? line : line.slice(0, space)
    const rest = space < 0 ? '' : line.slice(space + 1)
    const words = rest.split(' ')
    if (word === 'service') {
      close()
      here = {
        current: null,
        version: null,
        pending: null,
        reverted: null,
        active: 'inactive',
        linked: false,
        affinity: '',
        incoming: [],
        releases: [],
        files: [],
        unit: '',
      }
      services.set(rest, here)
    } else if (!here) {
      if (word === 'tool') tools.add(rest)
      else if (word === 'found') found.push(rest)
      else top.set(word, rest)
    } else if (word === 'current') here.current = digestOf(rest)
    else if (word === 'pending' && digestOf(words[0]) !== null)
      here.pending = { digest: words[0]!, before: digestOf(words[1]), deadline: Number(words[2]) || 0 }
    else if (word === 'reverted' && digestOf(words[0]) !== null)
      here.reverted = { digest: words[0]!, reason: words[1] ?? '', at: Number(words[2]) || 0 }
    else if (word === 'state') here.active = words[0] ?? 'inactive'
    else if (word === 'affinity') here.affinity = rest
    else if (word === 'linked') here.linked = true
    else if (word === 'incoming') here.incoming.push(...words.filter(Boolean))
    else if (word === 'release') here.releases.push(rest)
    else if (word === 'about' && words[0] === 'version') here.version = words.slice(1).join(' ') || null
    else if (word === 'manifest' && digestOf(words[0]) !== null)
      manifest.push({ sha256: words[0]!, mode: words[1] ?? '', path: words.slice(2).join(' ') })
    else if (word === 'actual' && digestOf(words[0]) !== null) actual.set(rest.slice(66), words[0]!)
    else if (word === 'unit') here.unit += `${rest}\n`
  }
  close()
  const machine = top.get('machine') ?? ''
  return {
    machine,
    architecture: architectureOfMachine(machine),
    isRoot: top.get('uid') === '0',
    base: top.get('base') ?? '/opt/pilothouse',
    systemd: top.get('systemd') || null,
    tools,
    freeKb: Number(top.get('free')) || 0,
    found,
    services,
  }
}
