import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memorySecrets } from '../../adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../adapters/ssh2/create-ssh.ts'
import { systemClock } from '../../adapters/system/system.ts'
import { askFacts } from '../../features/edge/ask-facts.ts'
import type { Ssh } from '../../needs/ssh.ts'
import { boards as ownBoards } from './board.ts'
import { type SandboxFleet, serveFleet } from './serve-fleet.ts'

const { signal } = new AbortController()

describe.runIf(process.platform !== 'win32')('boards of the sandbox', () => {
  let folder: string
  let fleet: SandboxFleet
  let ssh: Ssh
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pilothouse-fleet-'))
    fleet = await serveFleet(folder, { now: Date.now() })
    const prompter = { ask: () => Promise.reject(new Error('Nobody is to be asked')) }
    ssh = createSsh({ prompter, secrets: memorySecrets(), env: { USER: 'nobody' }, ...fleet.ssh })
  }, 60_000)
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)
  const board = (name: string) => fleet.boards.get(name)!

  test('say what they are, as a board would', async () => {
    await using connection = await ssh.connect({ host: 'rotterdam' })
    expect(await askFacts(connection, { privilege: true }, systemClock, signal)).toMatchObject({
      hostName: 'rotterdam',
      machine: 'aarch64',
      architecture: 'arm64',
      model: 'Raspberry Pi Compute Module 4 Rev 1.1',
      cpu: { name: 'Cortex-A72', count: 4, governors: ['ondemand'] },
      memory: { total: 2 * 1024 ** 3 },
      heat: [{ zone: 'cpu-thermal', celsius: 81.2 }],
      throttling: { now: ['under-voltage', 'throttled'], sinceBoot: ['under-voltage', 'throttled'] },
      systemd: { state: 'degraded', version: 252 },
      failedUnits: [{ name: 'lte-modem.service', description: 'LTE modem, the second line' }],
      containers: [{ engine: 'docker', running: [{ name: 'receipt-printer' }], problem: null }],
      gateway: { address: '10.20.1.1', interface: 'eth0' },
      pendingReboot: { kind: 'required', by: ['linux-image-rpi-v8'] },
      user: { name: 'pilot', id: 1000 },
      sudo: 'yes',
      complete: true,
    })
  })

  test('their clocks differ, and by how much is known as far as it can be', async () => {
    await using connection = await ssh.connect({ host: 'rotterdam' })
    const { clock } = await askFacts(connection, { privilege: false }, systemClock, signal)
    expect(Math.abs(clock!.offset - 94_000)).toBeLessThanOrEqual(clock!.within + 1)
  })

  test('files are shown as they are, and nothing outside of the board', async () => {
    const { root } = board('lisbon').made
    await writeFile(join(folder, 'secret'), 'of the machine')
    await symlink(join(folder, 'secret'), join(root, 'home/pilot/out'))
    await symlink('notes.txt', join(root, 'home/pilot/in'))
    const hostile = '\u001b[31m<img src=x>\n$(id)'
    await writeFile(join(root, 'home/pilot', hostile), 'x'.repeat(100_000))
    await using connection = await ssh.connect({ host: 'lisbon' })
    await using files = await connection.files()
    expect(await files.resolve('.')).toBe('/home/pilot')
    const { entries, more } = await files.list('/home/pilot', 10)
    expect(entries.map(({ name }) => name).sort()).toEqual([hostile, 'in', 'notes.txt', 'out'].sort())
    expect(more).toBe(false)
    expect((await files.list('/home/pilot', 2)).more).toBe(true)
    expect(Buffer.from(await files.read('in', 4, 10)).toString()).toBe('the market')
    expect((await files.read(hostile, 0, 200_000)).length).toBe(100_000)
    for (const path of ['out', '../../../../../secret', '/nowhere'])
      await expect(files.read(path, 0, 10)).rejects.toMatchObject({ code: 'not-found' })
    expect((await files.stat('/etc')).kind).toBe('folder')
  })

  test('the terminal is the board’s own: it has a size, and runs nothing of this machine', async () => {
    await using connection = await ssh.connect({ host: 'lisbon' })
    await using terminal = await connection.terminal({ columns: 80, rows: 24 })
    let shown = ''
    const reading = (async () => {
      for await (const bytes of terminal.output) shown += Buffer.from(bytes).toString()
    })()
    terminal.resize({ columns: 120, rows: 40 })
    const marker = join(folder, 'marker')
    const typed = ['uname -a', 'stty size', `touch ${marker}`, `cat ${marker}`, '$(id)', 'cat /etc/hostname', 'exit']
    await terminal.write(Buffer.from(typed.map(line => `${line}\r`).join('')))
    expect((await terminal.exit).code).toBe(0)
    await reading
    expect(shown).toContain('Linux lisbon 6.6.51+rpt-rpi-v8 aarch64')
    expect(shown).toContain('\r\n40 120\r\n')
    expect(shown).toContain('touch: not found in the sandbox')
    await expect(readFile(marker)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a dead one is unreachable until it is there again; one set up anew is refused with the remedy', async () => {
    board('gdynia').setFaults([{ kind: 'dead' }])
    await expect(ssh.connect({ host: 'gdynia' })).rejects.toMatchObject({ code: 'unreachable' })
    board('gdynia').setFaults([{ kind: 'wrong-key' }])
    await expect(ssh.connect({ host: 'gdynia' })).rejects.toMatchObject({
      key: 'transport.hostKeyChanged',
      params: { file: join(folder, 'home/.ssh/known_hosts') },
    })
    board('gdynia').setFaults([])
    await (await ssh.connect({ host: 'gdynia' }))[Symbol.asyncDispose]()
  })

  test('what runs as a unit comes back after a start, and ends with the board', async () => {
    const other = await mkdtemp(join(tmpdir(), 'pilothouse-fleet-'))
    const own = await serveFleet(other, { now: Date.now(), boards: [ownBoards[0]!] })
    const { made, reboot } = own.boards.get('lisbon')!
    await writeFile(
      join(made.root, 'etc/systemd/system/till.service'),
      `[Service]\nWorkingDirectory=${made.root}\nExecStart=sleep 600\nRestart=always\n`,
    )
    await promisify(execFile)('systemctl', ['start', 'till.service'], { env: made.environment })
    const supervisor = async () => Number(await readFile(join(made.root, 'run/systemd/till.service.pid'), 'utf8'))
    const first = await supervisor()
    await reboot()
    const second = await supervisor()
    expect(second).not.toBe(first)
    await own[Symbol.asyncDispose]()
    for (const pid of [first, second])
      await expect
        .poll(() => existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z'), {
          timeout: 20_000,
        })
        .toBe(false)
    await rm(other, { recursive: true, force: true })
  })

  test('one that starts anew cuts the line, and has another boot id', async () => {
    await using connection = await ssh.connect({ host: 'trieste' })
    const before = await askFacts(connection, { privilege: false }, systemClock, signal)
    await board('trieste').reboot()
    await connection.closed
    await using again = await ssh.connect({ host: 'trieste' })
    const after = await askFacts(again, { privilege: false }, systemClock, signal)
    expect(after.bootId).not.toBe(before.bootId)
    expect([before.uptime, after.uptime]).toEqual([6 * 24 * 3600, 0])
  })
})
