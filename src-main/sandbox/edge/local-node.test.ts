import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

/** Makes a node, has a service of it run and a timer armed, and says where, and which processes these are. */
const owner = `
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createLocalNode } from ${JSON.stringify(new URL('./local-node.ts', import.meta.url).href)}
const { root, env } = await createLocalNode()
writeFileSync(root + '/etc/systemd/system/till.service', '[Service]\\nWorkingDirectory=' + root + '\\nExecStart=sleep 3600\\nRestart=always\\n')
execFileSync('systemctl', ['start', 'till.service'], { env })
execFileSync('systemd-run', ['--on-active=3600', '--unit=late', 'true'], { env })
const pid = name => Number(readFileSync(root + '/run/systemd/' + name, 'utf8'))
console.log(JSON.stringify({ root, pids: ['till.service.pid', 'till.service.main', 'late.timer.pid'].map(pid) }))
setInterval(() => {}, 1 << 30)
`
const runs = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z')
  } catch {
    return false
  }
}

test.runIf(process.platform === 'linux')('what runs on a sandbox node ends with an owner that was killed', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', owner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  const { root, pids } = JSON.parse(line) as { root: string; pids: number[] }
  expect(pids.map(runs)).toEqual([true, true, true])
  child.kill('SIGKILL')
  await expect.poll(() => pids.map(runs), { timeout: 20_000 }).toEqual([false, false, false])
  await rm(root, { recursive: true })
})
