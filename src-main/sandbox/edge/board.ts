/** A small ARM64 board of our own invention, as far as a question can reach it. */
export type Board = {
  /** Its host name, and its alias in the sandbox's SSH configuration. */
  readonly name: string
  readonly model: string
  /** `CPU implementer`, `CPU part` and number of processors. */
  readonly cpu: readonly [implementer: string, part: string, count: number]
  /** Bytes. */
  readonly memory: number
  readonly memoryUsed: number
  readonly os: { readonly id: string; readonly name: string; readonly version: string }
  readonly kernel: string
  readonly realtime?: boolean
  readonly isolated?: string
  readonly celsius: number
  /** Bits of the Raspberry Pi's firmware, as `vcgencmd get_throttled` prints them. */
  readonly throttled?: number
  /** Bytes of its one disk. */
  readonly disk: { readonly size: number; readonly used: number; readonly readOnly?: boolean }
  /** Seconds its clock is ahead. */
  readonly clockOffset?: number
  readonly upSince: number
  readonly units: readonly BoardUnit[]
  readonly containers?: readonly { readonly name: string; readonly image: string; readonly status: string }[]
  readonly rebootFor?: string
  readonly address: string
}

export type BoardUnit = {
  readonly name: string
  readonly active: 'active' | 'failed' | 'inactive'
  readonly sub: string
  readonly description: string
  /** What it writes to the journal, over and over: `#` becomes a number that grows. */
  readonly says?: readonly string[]
}

/** What goes wrong with a board, on purpose. */
export type BoardFault =
  /** Nobody answers. */
  | { readonly kind: 'dead' }
  /** Every answer takes this many milliseconds longer. */
  | { readonly kind: 'slow'; readonly by: number }
  /** Of this share of all connections nothing is heard any more after this many bytes. */
  | { readonly kind: 'flaky'; readonly share: number; readonly after: number }
  /** It shows another host key than the one on file: it was set up anew. */
  | { readonly kind: 'wrong-key' }
  /** Nothing can be written. */
  | { readonly kind: 'full-disk' }

const base: readonly BoardUnit[] = [
  {
    name: 'ssh.service',
    active: 'active',
    sub: 'running',
    description: 'OpenBSD Secure Shell server',
  },
  { name: 'systemd-journald.service', active: 'active', sub: 'running', description: 'Journal Service' },
  { name: 'systemd-timesyncd.service', active: 'active', sub: 'running', description: 'Network Time Synchronization' },
  {
    name: 'cron.service',
    active: 'active',
    sub: 'running',
    description: 'Regular background program processing daemon',
  },
  { name: 'apt-daily.timer', active: 'active', sub: 'waiting', description: 'Daily apt download activities' },
  { name: 'multi-user.target', active: 'active', sub: 'active', description: 'Multi-User System' },
]
const reader: BoardUnit = {
  name: 'card-reader.service',
  active: 'active',
  sub: 'running',
  description: 'Card reader',
  says: ['reader 1 ready', 'card # presented', 'card # read in 212 ms', 'heartbeat #'],
}
const modem: BoardUnit = {
  name: 'lte-modem.service',
  active: 'failed',
  sub: 'failed',
  description: 'LTE modem, the second line',
  says: ['signal lost, retry #', 'no network after # s'],
}

const gigabyte = 1024 ** 3
const hours = 3600

/** The boards of the sandbox platform, by the names their EdgeNodes have. */
export const boards: readonly Board[] = [
  {
    name: 'lisbon',
    model: 'Raspberry Pi 4 Model B Rev 1.5',
    cpu: ['0x41', '0xd08', 4],
    memory: 4 * gigabyte,
    memoryUsed: 0.9 * gigabyte,
    os: { id: 'debian', name: 'Debian GNU/Linux 12 (bookworm)', version: '12' },
    kernel: '6.6.51+rpt-rpi-v8',
    celsius: 54.5,
    disk: { size: 29 * gigabyte, used: 9 * gigabyte },
    upSince: 19 * 24 * hours,
    units: [...base, reader],
    address: '10.20.0.11/24',
  },
  {
    name: 'rotterdam',
    model: 'Raspberry Pi Compute Module 4 Rev 1.1',
    cpu: ['0x41', '0xd08', 4],
    memory: 2 * gigabyte,
    memoryUsed: 1.6 * gigabyte,
    os: { id: 'debian', name: 'Debian GNU/Linux 12 (bookworm)', version: '12' },
    kernel: '6.6.51+rpt-rpi-v8',
    celsius: 81.2,
    throttled: 0x50005,
    disk: { size: 14.5 * gigabyte, used: 13.4 * gigabyte },
    clockOffset: 94,
    upSince: 203 * 24 * hours,
    units: [...base, reader, modem],
    containers: [{ name: 'receipt-printer', image: 'registry.payments.example/printer:2.1', status: 'Up 8 days' }],
    rebootFor: 'linux-image-rpi-v8',
    address: '10.20.1.11/24',
  },
  {
    name: 'trieste',
    model: 'NVIDIA Jetson Orin Nano Developer Kit',
    cpu: ['0x41', '0xd42', 6],
    memory: 8 * gigabyte,
    memoryUsed: 2.7 * gigabyte,
    os: { id: 'ubuntu', name: 'Ubuntu 22.04.5 LTS', version: '22.04' },
    kernel: '5.15.148-tegra',
    realtime: true,
    isolated: '4-5',
    celsius: 47.8,
    disk: { size: 116 * gigabyte, used: 41 * gigabyte },
    upSince: 6 * 24 * hours,
    units: [...base, reader],
    address: '10.20.2.11/24',
  },
  {
    name: 'gdynia',
    model: 'Radxa ROCK 5B',
    cpu: ['0x41', '0xd0b', 8],
    memory: 16 * gigabyte,
    memoryUsed: 3.1 * gigabyte,
    os: { id: 'debian', name: 'Debian GNU/Linux 12 (bookworm)', version: '12' },
    kernel: '6.1.43-15-rk2312',
    celsius: 43.1,
    disk: { size: 58 * gigabyte, used: 12 * gigabyte },
    upSince: 40 * 24 * hours,
    units: [...base, reader],
    address: '10.20.3.11/24',
  },
]

/** What is wrong in the demo: one is slow, one does not answer. */
export const demoFaults: Readonly<Record<string, readonly BoardFault[]>> = {
  trieste: [{ kind: 'slow', by: 120 }],
  gdynia: [{ kind: 'dead' }],
}
