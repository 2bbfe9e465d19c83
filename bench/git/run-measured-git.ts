import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Runs system git and watches the memory of it and of what it starts (`git-remote-http`, `index-pack`). Resolves with
 * the sum of their peaks in MiB, as far as they were seen (every 2 ms, on Linux); NaN elsewhere.
 */
export async function runMeasuredGit(directory: string, ...args: string[]): Promise<number> {
  const child = spawn('git', args, {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' },
  })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk
  })
  const peaks = new Map<string, number>()
  const look = () => {
    if (process.platform !== 'linux') return
    for (const pid of descendants(String(child.pid))) {
      const peak = /VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1]
      if (peak !== undefined) peaks.set(pid, Number(peak) / 1024)
    }
  }
  const watching = setInterval(look, 2)
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(watching)
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${words}`)
  return peaks.size === 0 ? Number.NaN : [...peaks.values()].reduce((sum, peak) => sum + peak, 0)
}

function descendants(root: string): readonly string[] {
  const found = [root]
  for (const pid of found)
    for (const task of entries(`/proc/${pid}/task`))
      found.push(...textOf(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean))
  return found
}

// A process may end between two looks.
function entries(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
