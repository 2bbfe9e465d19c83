import type { Architecture } from '../edge-schema.ts'
import { plainText } from '../plain-text.ts'
import { type Nonce, readParts } from '../script.ts'
import { armPart } from './arm-parts.ts'
import type { ContainerEngine, EdgeFacts, NetworkInterface, Throttle } from './facts.ts'
import { readDisks } from './read-disks.ts'

/** When a question was asked and when the first of its answer came, in milliseconds since the epoch. */
export type AskedAt = { readonly sent: number; readonly answered: number }

/**
 * What a node answered to `factsScript`, as facts. Null: it is no such answer. Whatever a part holds, others are not
 * touched by it; a part that cannot be read is as one that is missing.
 */
export function readFacts(nonce: Nonce, answer: string, asked: AskedAt): EdgeFacts | null {
  const { parts, complete } = readParts(nonce, answer)
  const linesOf = (name: string): string[] =>
    (parts.get(name) ?? '')
      .split('\n')
      .map(text => plainText(text, 512))
      .filter(text => text.trim() !== '')
  const lineOf = (name: string): string | null => linesOf(name)[0]?.trim() ?? null

  const [system, hostName, kernel, machine] = (lineOf('uname') ?? '').split(' ')
  if (machine === undefined) return null
  const bits = Number(lineOf('bits'))
  const cpus = new Map(linesOf('cpus').map(text => splitAt(text, ' ')))
  const [userName, userId] = linesOf('who')
  const sudo = linesOf('sudo')
  return {
    hostName: hostName!,
    system: system!,
    machine,
    architecture: architectureOf(machine, bits),
    bits: bits === 32 || bits === 64 ? bits : null,
    kernel: kernel!,
    realtime: cpus.get('/sys/kernel/realtime') === '1' || /\bPREEMPT_RT\b/.test(lineOf('version') ?? ''),
    os: osOf(linesOf('os'), system!),
    model: lineOf('model'),
    cpu: {
      name: cpuName(linesOf('cpu')),
      count: countOf(cpus.get('/sys/devices/system/cpu/online') ?? ''),
      isolated: cpus.get('/sys/devices/system/cpu/isolated') || null,
      governors: [
        ...new Set([...cpus].flatMap(([path, value]) => (path.endsWith('/scaling_governor') && value ? [value] : []))),
      ],
    },
    load: loadOf(lineOf('load')),
    memory: memoryOf(linesOf('memory')),
    disks: readDisks(linesOf('disks'), linesOf('mounts')),
    heat: linesOf('heat').flatMap(heatOf),
    throttling: throttlingOf(linesOf('throttling')),
    uptime: numberAt(lineOf('uptime'), 0),
    bootId: lineOf('boot'),
    clock: clockOf(lineOf('clock'), lineOf('time') === 'yes', asked),
    init: lineOf('init'),
    systemd: systemdOf(linesOf('systemd')),
    failedUnits: linesOf('failed').flatMap(failedOf),
    containers: containersOf(linesOf('containers')),
    interfaces: interfacesOf(linesOf('network'), linesOf('links')),
    gateway:
      linesOf('route')
        .map(gatewayOf)
        .find(found => found !== null) ?? null,
    pendingReboot: rebootOf(linesOf('reboot')),
    user: { name: userName ?? '', id: userId !== undefined && /^\d+$/.test(userId) ? Number(userId) : null },
    sudo: !parts.has('sudo') ? null : sudo[0] === 'root' ? 'root' : sudo.at(-1) === 'yes' ? 'yes' : 'no',
    complete,
  }
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + separator.length).trim()]
}

function numberAt(text: string | null, index: number): number | null {
  const value = Number(text?.split(/\s+/)[index] || Number.NaN)
  return Number.isFinite(value) ? value : null
}

/** By what its programs are, where that is known: `aarch64` with 32-bit programs takes `arm` releases alone. */
export function architectureOf(machine: string, bits: number): Architecture | null {
  if (/^(aarch64|arm64)/.test(machine)) return bits === 32 ? 'arm' : 'arm64'
  if (/^(x86_64|amd64)$/.test(machine)) return bits === 32 ? '386' : 'amd64'
  if (/^arm/.test(machine)) return 'arm'
  if (/^i[3-6]86$/.test(machine)) return '386'
  return machine === 'riscv64' ? 'riscv64' : null
}

/** `os-release(5)`: shell assignments, of which only the plain ones are read. */
function osOf(lines: readonly string[], system: string): EdgeFacts['os'] {
  const values = new Map(lines.map(text => splitAt(text, '=')))
  const value = (name: string) => (values.get(name) ?? '').replace(/^(["'])(.*)\1$/, '$2')
  return {
    id: value('ID'),
    name: value('PRETTY_NAME') || value('NAME') || system,
    version: value('VERSION_ID') || value('VERSION'),
  }
}

function cpuName(lines: readonly string[]): string | null {
  const found = lines.map(text => splitAt(text, ':'))
  const of = (name: string) => found.filter(([key]) => key === name).map(([, value]) => value)
  const implementer = of('CPU implementer')[0]
  const parts = implementer === undefined ? [] : of('CPU part').map(part => armPart(implementer, part))
  const names = parts.filter(part => part !== null)
  if (names.length > 0) return names.join(' + ')
  return of('model name')[0] ?? of('Hardware')[0] ?? of('Model')[0] ?? null
}

/** Processors in a set such as `0-3,6`. */
function countOf(set: string): number {
  let count = 0
  for (const range of set.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range)
    if (match) count += Math.max(0, Number(match[2] ?? match[1]) - Number(match[1]) + 1)
  }
  return count
}

function loadOf(text: string | null): EdgeFacts['load'] {
  const [one, five, fifteen] = [0, 1, 2].map(index => numberAt(text, index))
  return one == null || five == null || fifteen == null ? null : [one, five, fifteen]
}

function memoryOf(lines: readonly string[]): EdgeFacts['memory'] {
  const values = new Map(lines.map(text => splitAt(text, ':')))
  const of = (name: string): number | null => {
    const kilobytes = numberAt(values.get(name) ?? null, 0)
    return kilobytes === null ? null : kilobytes * 1024
  }
  const total = of('MemTotal')
  if (total === null) return null
  // Kernels before 3.14 do not estimate what is available.
  const available = of('MemAvailable') ?? (of('MemFree') ?? 0) + (of('Cached') ?? 0)
  return { total, available, swapTotal: of('SwapTotal') ?? 0, swapFree: of('SwapFree') ?? 0 }
}

function heatOf(text: string): { zone: string; celsius: number }[] {
  const at = text.lastIndexOf(' ')
  const value = Number(text.slice(at + 1))
  // Thousandths of a degree by the kernel's rules; a few drivers give whole degrees.
  const celsius = Math.abs(value) >= 1000 ? value / 1000 : value
  return at > 0 && Number.isFinite(celsius) && celsius > -60 && celsius < 200
    ? [{ zone: text.slice(0, at).trim(), celsius }]
    : []
}

/** Bits of the Raspberry Pi's firmware: the low ones hold now, those 16 higher held since the start. */
const bitsOfThrottling: readonly Throttle[] = ['under-voltage', 'frequency-capped', 'throttled', 'hot']

function throttlingOf(lines: readonly string[]): EdgeFacts['throttling'] {
  const now = new Set<Throttle>()
  const sinceBoot = new Set<Throttle>()
  for (const text of lines) {
    const firmware = /^(?:throttled=0x|\S*get_throttled (?:0x)?)([0-9a-f]{1,8})$/i.exec(text.trim())
    const bits = firmware ? Number.parseInt(firmware[1]!, 16) : 0
    for (const [bit, throttle] of bitsOfThrottling.entries()) {
      if (bits & (1 << bit)) now.add(throttle)
      if (bits & (1 << (bit + 16))) sinceBoot.add(throttle)
    }
    if (/^cooling [1-9]\d*$/.test(text)) now.add('throttled')
    if (/package_throttle_count [1-9]\d*$/.test(text)) sinceBoot.add('throttled')
  }
  return { now: [...now], sinceBoot: [...sinceBoot] }
}

/** Nobody's clock is asked twice: the answer was written between sending and its arrival, so half of that is unknown. */
function clockOf(text: string | null, synchronised: boolean, { sent, answered }: AskedAt): EdgeFacts['clock'] {
  const match = /^(\d{6,12})(?: (\d{9}))?/.exec(text ?? '')
  if (!match) return null
  // A `date` without nanoseconds says the second that has begun.
  const said = Number(match[1]) * 1000 + (match[2] === undefined ? 500 : Number(match[2]) / 1e6)
  const within = (answered - sent) / 2 + (match[2] === undefined ? 500 : 0)
  return { offset: Math.round(said - (sent + answered) / 2), within: Math.ceil(within), synchronised }
}

function systemdOf(lines: readonly string[]): EdgeFacts['systemd'] {
  const [state, version] = lines
  if (state === undefined || !/^[a-z-]{1,40}$/.test(state)) return null
  const number = /^systemd (\d{1,5})/.exec(version ?? '')
  return { state, version: number ? Number(number[1]) : null }
}

function failedOf(text: string): { name: string; description: string }[] {
  const [, name, description] = /^\s*(\S+)\s+\S+\s+\S+\s+\S+\s*(.*)$/.exec(text) ?? []
  return name === undefined ? [] : [{ name, description: description! }]
}

function containersOf(lines: readonly string[]): ContainerEngine[] {
  const found: { engine: string; running: ContainerEngine['running'][number][]; problem: string | null }[] = []
  for (const text of lines) {
    const started = /^> ([a-z-]+)$/.exec(text)
    if (started) found.push({ engine: started[1]!, running: [], problem: null })
    const engine = found.at(-1)
    if (started || !engine) continue
    const [name, image, status, ...more] = text.split('|')
    if (status !== undefined && more.length === 0 && /^[\w.-]+$/.test(name!))
      engine.running.push({ name: name!, image: image!, status })
    else engine.problem ??= text
  }
  return found
}

/** `ip -o addr`, and what `/sys` says of links. */
function interfacesOf(addresses: readonly string[], links: readonly string[]): NetworkInterface[] {
  const found = new Map<string, { state: string | null; addresses: string[] }>()
  for (const text of links) {
    const [path, state] = splitAt(text, ' ')
    const name = path.split('/').at(-2)
    if (name) found.set(name, { state: state || null, addresses: [] })
  }
  for (const text of addresses) {
    const match = /^\d+:\s+([^\s@:]+)(?:@\S+)?:?\s+inet6?\s+([0-9a-fA-F:.]+\/\d+)/.exec(text)
    if (!match) continue
    const known = found.get(match[1]!) ?? { state: null, addresses: [] }
    found.set(match[1]!, known)
    known.addresses.push(match[2]!)
  }
  return [...found].filter(([name]) => name !== 'lo').map(([name, rest]) => ({ name, ...rest }))
}

/** A line of `/proc/net/route`: addresses are hexadecimal, in the order of a little-endian processor. */
function gatewayOf(text: string): EdgeFacts['gateway'] {
  const [name, destination, gateway] = text.trim().split(/\s+/)
  if (destination !== '00000000' || !/^[0-9A-Fa-f]{8}$/.test(gateway ?? '') || gateway === '00000000') return null
  const bytes = gateway!.match(/../g)!.map(pair => Number.parseInt(pair, 16))
  return { address: bytes.reverse().join('.'), interface: name! }
}

function rebootOf(lines: readonly string[]): EdgeFacts['pendingReboot'] {
  const kernels = lines.flatMap(text => (text.startsWith('kernel ') ? [text.slice(7)] : []))
  const by = lines.filter(text => text !== 'required' && !text.startsWith('kernel '))
  if (lines.includes('required')) return { kind: 'required', by: [...new Set(by)] }
  return kernels.length > 0 ? { kind: 'kernel', by: kernels } : null
}
