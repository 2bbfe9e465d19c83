import type { Architecture } from '../edge-schema.ts'

/** What a node said of itself. Every text was made harmless to show; sizes are bytes, times seconds, unless said. */
export type EdgeFacts = {
  readonly hostName: string
  /** `uname -s`. */
  readonly system: string
  /** `uname -m`. */
  readonly machine: string
  /** Null: one that Pilothouse has no name for. */
  readonly architecture: Architecture | null
  /** Bits of a pointer in its programs: a 64-bit kernel may carry a 32-bit system. */
  readonly bits: number | null
  readonly kernel: string
  readonly realtime: boolean
  readonly os: { readonly id: string; readonly name: string; readonly version: string }
  readonly model: string | null
  readonly cpu: {
    readonly name: string | null
    readonly count: number
    /** As the kernel writes sets: `2-3`. */
    readonly isolated: string | null
    readonly governors: readonly string[]
  }
  /** Over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number] | null
  readonly memory: {
    readonly total: number
    readonly available: number
    readonly swapTotal: number
    readonly swapFree: number
  } | null
  readonly disks: readonly Disk[]
  readonly heat: readonly { readonly zone: string; readonly celsius: number }[]
  readonly throttling: { readonly now: readonly Throttle[]; readonly sinceBoot: readonly Throttle[] }
  readonly uptime: number | null
  /** Another one: it was started anew. */
  readonly bootId: string | null
  readonly clock: {
    /** Milliseconds its clock is ahead of ours, and how far off that may be. */
    readonly offset: number
    readonly within: number
    readonly synchronised: boolean
  } | null
  /** What process 1 is. */
  readonly init: string | null
  readonly systemd: { readonly state: string; readonly version: number | null } | null
  readonly failedUnits: readonly { readonly name: string; readonly description: string }[]
  readonly containers: readonly ContainerEngine[]
  readonly interfaces: readonly NetworkInterface[]
  readonly gateway: { readonly address: string; readonly interface: string } | null
  /** Null: none is pending as far as can be told. */
  readonly pendingReboot: { readonly kind: 'required' | 'kernel'; readonly by: readonly string[] } | null
  readonly user: { readonly name: string; readonly id: number | null }
  /** Null: not asked this time. */
  readonly sudo: 'root' | 'yes' | 'no' | null
  /** The script came to its end; else parts are missing. */
  readonly complete: boolean
}

export type Disk = {
  readonly at: string
  readonly type: string | null
  readonly size: number
  readonly used: number
  readonly available: number
  readonly readOnly: boolean
}
export type Throttle = 'under-voltage' | 'frequency-capped' | 'throttled' | 'hot'
export type ContainerEngine = {
  readonly engine: string
  readonly running: readonly { readonly name: string; readonly image: string; readonly status: string }[]
  /** Why it does not say what runs: in its own words. */
  readonly problem: string | null
}
export type NetworkInterface = {
  readonly name: string
  readonly state: string | null
  readonly addresses: readonly string[]
}
