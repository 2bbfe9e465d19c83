import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** One opened clone of one process, as its locks and journals name it. */
export type Owner = {
  readonly pid: number
  readonly host: string
  /** When the process began, as the system counts it; null where that cannot be known. Tells a reused pid apart. */
  readonly started: string | null
  readonly token: string
}

export const newOwner = (): Owner => ({
  pid: process.pid,
  host: hostname(),
  started: startOf(process.pid),
  token: randomBytes(8).toString('hex'),
})

/** False only when that process is surely gone. One on another machine is taken to live. */
export function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    // EPERM: there is one, of another user.
  }
  return owner.started === null || owner.started === startOf(owner.pid)
}

/** Boot and start time of a process on Linux; null elsewhere, or when there is none. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program, in parentheses, may hold anything; field 22 is counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not looked yet.
    return fields[0] === 'Z' ? null : `${boot}/${fields[19]}`
  } catch {
    // No /proc (a restricted container), or the process just ended: nothing is known.
    return null
  }
}

export const writeOwner = (owner: Owner): string => `pilothouse-lock ${JSON.stringify(owner)}\n`

/** The owner a lock file names; null for a lock of git or of another program. */
export function parseOwner(text: string): Owner | null {
  const match = /^pilothouse-lock (\{.*\})\n?$/.exec(text)
  if (!match) return null
  try {
    const value: unknown = JSON.parse(match[1]!)
    return isOwner(value) ? value : null
  } catch {
    // Cut short: not a lock of ours that can be trusted, so it is left alone.
    return null
  }
}

export function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, host, started, token } = value as Record<string, unknown>
  return (
    typeof pid === 'number' &&
    Number.isInteger(pid) &&
    pid > 0 &&
    typeof host === 'string' &&
    (started === null || typeof started === 'string') &&
    typeof token === 'string' &&
    /^[0-9a-f]{16}$/.test(token)
  )
}
