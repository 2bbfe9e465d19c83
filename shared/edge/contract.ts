import * as z from 'zod/mini'
import { command, query, stream } from '../contract/define.ts'
import type { Message } from '../messages/index.ts'
import type { Finding } from '../topology/topology.ts'
import type { Architecture } from './edge-schema.ts'
import type { EdgeFacts } from './facts/facts.ts'
import type { NodeProblem } from './facts/find-problems.ts'
import { type JournalEntry, priorities } from './look/journal.ts'
import type { EdgeProcess } from './look/processes.ts'
import type { EdgeUnit } from './look/units.ts'

/**
 * `not-allowed`: nobody on this machine has agreed to connect there yet. `stale`: it answered once and does not now;
 * what it said holds as of `lastSeen`. `failed`: it never answered.
 */
export type NodeState = 'not-allowed' | 'connecting' | 'live' | 'stale' | 'failed'

/** A node as it is declared, and how it was when it was last seen. Times are ISO 8601. */
export type EdgeNodeView = {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly host: string
  readonly labels: { readonly [key: string]: string }
  /** As declared. */
  readonly architecture: Architecture | null
  readonly protected: boolean
  /** Names of the EdgeServices that are meant for it. */
  readonly services: readonly string[]
  readonly state: NodeState
  /** `user@host:port` as it was connected. */
  readonly address: string | null
  readonly lastSeen: string | null
  readonly staleSince: string | null
  readonly problem: Message | null
  readonly retryAt: string | null
  /** The worst first. */
  readonly problems: readonly NodeProblem[]
  readonly facts: EdgeFacts | null
}

export type EdgeView = {
  readonly sandbox: boolean
  readonly nodes: readonly EdgeNodeView[]
  readonly findings: readonly Finding[]
}

/** Lines as they come, oldest first. */
export type JournalItem = {
  /** Replaces what was shown before (`begin`), or comes after it. */
  readonly begin: boolean
  readonly entries: readonly JournalEntry[]
  /** Since when nothing more can come, and why. ISO 8601. */
  readonly lost: { readonly since: string; readonly problem: Message } | null
  /** A right is missing: only the person's own messages are seen. */
  readonly ownOnly: boolean
}

export type FileEntry = {
  /** As it is; for asking again. */
  readonly name: string
  /** As it can be shown. */
  readonly shown: string
  readonly kind: 'file' | 'folder' | 'link' | 'device' | 'pipe' | 'socket'
  readonly size: number
  readonly mode: number
  readonly owner: number
  readonly group: number
  /** ISO 8601. */
  readonly modified: string
}

export type FolderView = {
  readonly path: string
  readonly shown: string
  readonly entries: readonly FileEntry[]
  /** There are more, which are left out. */
  readonly more: boolean
}

/** Bytes of a file that are sent at once. */
export const mostFileBytes = 512 * 1024

export type TerminalItem =
  | { readonly kind: 'opened'; readonly terminal: string }
  /** Base64, escapes and all: for the emulator alone. */
  | { readonly kind: 'output'; readonly bytes: string }
  | { readonly kind: 'exit'; readonly code: number | null }

const OfNode = { workspace: z.string(), node: z.string() }
const cells = z.number().check(z.int(), z.minimum(1), z.maximum(1000))
const path = z.string().check(z.maxLength(4096), z.regex(/^[^\0]+$/))

export const edge = {
  /** Nodes in the order of their files, asked as long as somebody watches. */
  watch: stream(z.object({ workspace: z.string() })).of<EdgeView>(),
  /** Agrees that this machine connects to these nodes as they are declared now. */
  allow: command(z.object({ workspace: z.string(), nodes: z.array(z.string()) })).returns<void>(),
  /** Asks now, whatever the pause. All nodes that may be asked when none is named. Resolves when it is known how that went. */
  refresh: command(z.object({ workspace: z.string(), nodes: z.optional(z.array(z.string())) })).returns<void>(),
  units: query(z.object(OfNode)).returns<{ units: readonly EdgeUnit[]; init: string | null; asOf: string }>(),
  processes: query(z.object(OfNode)).returns<{ processes: readonly EdgeProcess[]; asOf: string }>(),
  /** Follows, and goes on where it was when the line comes back. */
  journal: stream(
    z.object({
      ...OfNode,
      unit: z.optional(z.string().check(z.maxLength(256))),
      priority: z.optional(z.enum(priorities)),
      text: z.optional(z.string().check(z.maxLength(256))),
      boot: z.optional(z.boolean()),
    }),
  ).of<JournalItem>(),
  /** `.` is the home folder. */
  folder: query(z.object({ ...OfNode, path })).returns<FolderView>(),
  /** A stretch of a file as base64; shorter at its end. */
  file: query(
    z.object({
      ...OfNode,
      path,
      offset: z.number().check(z.int(), z.nonnegative()),
      length: z.number().check(z.int(), z.minimum(1), z.maximum(mostFileBytes)),
    }),
  ).returns<{ bytes: string; size: number }>(),
  /** A terminal for as long as the stream is read. */
  terminal: stream(z.object({ ...OfNode, columns: cells, rows: cells })).of<TerminalItem>(),
  type: command(z.object({ terminal: z.string(), text: z.string().check(z.maxLength(1 << 20)) })).returns<void>(),
  resize: command(z.object({ terminal: z.string(), columns: cells, rows: cells })).returns<void>(),
}
