import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Board, BoardUnit } from './board.ts'
import { boardPrograms, notOnBoards } from './board-programs.ts'
import { installMiniSystemd } from './mini-systemd.ts'

/** A board below a folder, and under which environment its shell runs. */
export type MadeBoard = {
  readonly root: string
  readonly environment: { readonly PILOTHOUSE_ROOT: string; readonly PATH: string; readonly HOME: string }
  /** Writes a line to its journal. */
  log(unit: string, message: string, priority?: number): Promise<void>
  /** As after a start: another boot id, no uptime. */
  restart(now: number): Promise<void>
}

const kilobytes = (bytes: number) => Math.round(bytes / 1024)

/** The tools of this machine that boards have too, as links in a folder. */
export async function linkTools(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const linked = new Set(notOnBoards)
  for (const from of ['/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
    const names = (await readdir(from).catch(() => [])).filter(name => !linked.has(name))
    await Promise.all(names.map(name => symlink(join(from, name), join(folder, name))))
    for (const name of names) linked.add(name)
  }
}

/** Writes what questions to the board find: `/proc`, `/sys`, `/etc`, programs, a journal. `tools` is of `linkTools`. */
export async function makeBoard(root: string, board: Board, tools: string, now: number): Promise<MadeBoard> {
  const write = async (path: string, text: string) => {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  await installMiniSystemd(root)
  for (const [name, text] of Object.entries(boardPrograms)) {
    if ((name === 'vcgencmd' && board.throttled === undefined) || (name === 'docker' && !board.containers)) continue
    await write(`usr/bin/${name}`, text)
    await chmod(join(root, 'usr/bin', name), 0o755)
  }
  const [implementer, part, count] = board.cpu
  const { memory, memoryUsed, disk, os, kernel } = board
  const size = kilobytes(disk.size)
  const used = kilobytes(disk.used)
  const processors = Array.from({ length: count }, (_, index) => `processor\t: ${index}\n`).join('\n')
  const gateway = board.address.replace(/\d+\/\d+$/, '1')
  const hex = gateway
    .split('.')
    .reverse()
    .map(byte => Number(byte).toString(16).padStart(2, '0').toUpperCase())
    .join('')
  const files: Record<string, string> = {
    'etc/sandbox/kernel': `${board.name} ${kernel}\n`,
    'etc/sandbox/clock-offset': `${board.clockOffset ?? 0}\n`,
    'etc/sandbox/df': `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/mmcblk0p2 ${size} ${used} ${size - used} ${Math.ceil((used / size) * 100)}% /\n`,
    'etc/sandbox/ip': `1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet ${board.address} brd + scope global eth0\n`,
    'etc/sandbox/throttled': `throttled=0x${(board.throttled ?? 0).toString(16)}\n`,
    'etc/sandbox/containers': (board.containers ?? []).map(of => `${of.name}|${of.image}|${of.status}\n`).join(''),
    'etc/sandbox/units': board.units.map(unitLine).join(''),
    'etc/sandbox/ps': processLines(board),
    'etc/hostname': `${board.name}\n`,
    'etc/motd': 'A sandbox board: nothing here is real, and nothing you do leaves it.\n',
    'etc/os-release': `PRETTY_NAME="${os.name}"\nID=${os.id}\nVERSION_ID="${os.version}"\n`,
    'etc/card-reader.toml': 'port = "/dev/ttyACM0"\ntimeout_ms = 800\noffline_limit_cents = 5000\n',
    'proc/version': `Linux version ${kernel} (sandbox) #1 SMP${board.realtime ? ' PREEMPT_RT' : ''}\n`,
    'proc/device-tree/model': `${board.model}\0`,
    'proc/cpuinfo': `${processors}CPU implementer\t: ${implementer}\nCPU part\t: ${part}\n`,
    'proc/loadavg': '0.21 0.34 0.30 1/142 4711\n',
    'proc/meminfo': `MemTotal: ${kilobytes(memory)} kB\nMemFree: ${kilobytes((memory - memoryUsed) / 3)} kB\nMemAvailable: ${kilobytes(memory - memoryUsed)} kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n`,
    'proc/mounts': `/dev/mmcblk0p2 / ext4 ${disk.readOnly ? 'ro' : 'rw'},noatime 0 0\n`,
    'proc/net/route': `Iface\tDestination\tGateway\neth0\t00000000\t${hex}\n`,
    'proc/1/comm': 'systemd\n',
    'sys/devices/system/cpu/online': `0-${count - 1}\n`,
    'sys/devices/system/cpu/isolated': `${board.isolated ?? ''}\n`,
    'sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'ondemand\n',
    'sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
    'sys/class/thermal/thermal_zone0/temp': `${Math.round(board.celsius * 1000)}\n`,
    'sys/class/net/eth0/operstate': 'up\n',
    'sys/kernel/realtime': board.realtime ? '1\n' : '0\n',
    'run/systemd/timesync/synchronized': '',
    'home/pilot/notes.txt': 'Ask the market office for the key of the cabinet.\n',
    [`lib/modules/${kernel}/modules.dep`]: '',
    'var/log/journal.jsonl': '',
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  await mkdir(join(root, 'run/systemd/system'), { recursive: true })
  if (board.rebootFor !== undefined) {
    await write('run/reboot-required', '')
    await write('run/reboot-required.pkgs', `${board.rebootFor}\n`)
  }

  let boots = 0
  let bootId = ''
  const restart = async (at: number, up = 0) => {
    bootId = `${(++boots).toString(16).padStart(8, '0')}-5a4d-4b0a-8c00-${board.name
      .padEnd(12, '0')
      .slice(0, 12)
      .replace(/[^0-9a-f]/g, '0')}`
    await write('proc/sys/kernel/random/boot_id', `${bootId}\n`)
    await write('proc/uptime', `${up}.00 ${up}.00\n`)
    lastBoot = at - up * 1000
  }
  let lastBoot = now
  let written = 0
  let writing: Promise<void> = Promise.resolve()
  const log = (unit: string, message: string, priority = 6): Promise<void> => {
    const at = Date.now() + (board.clockOffset ?? 0) * 1000
    const line = JSON.stringify({
      __CURSOR: `s=sandbox;b=${boots};i=${++written}`,
      __REALTIME_TIMESTAMP: String(at * 1000),
      PRIORITY: String(priority),
      _SYSTEMD_UNIT: unit,
      SYSLOG_IDENTIFIER: unit.replace(/\.\w+$/, ''),
      _PID: String(400 + (unit.length % 90)),
      MESSAGE: message,
    })
    writing = writing.then(() => writeFile(join(root, 'var/log/journal.jsonl'), `${line}\n`, { flag: 'a' }))
    return writing
  }
  await restart(now, board.upSince)
  await log('init.scope', `Booted ${board.model} (sandbox) at ${new Date(lastBoot).toISOString()}`)
  return {
    root,
    environment: {
      PILOTHOUSE_ROOT: root,
      PATH: `${join(root, 'usr/bin')}:${join(root, 'sandbox-bin')}:${tools}`,
      HOME: join(root, 'home/pilot'),
    },
    log,
    restart: at => restart(at),
  }
}

const unitLine = ({ name, active, sub, description }: BoardUnit): string =>
  `${name} loaded ${active} ${sub} ${description}\n`

function processLines(board: Board): string {
  const lines = [
    '    1     0 root      0.0  11264 19-02:11:08 /sbin/init',
    '  212     1 root      0.1   8320 19-02:11:01 /usr/lib/systemd/systemd-journald',
  ]
  for (const [index, unit] of board.units.entries())
    if (unit.sub === 'running' && unit.name.endsWith('.service'))
      lines.push(
        `${String(400 + index * 7).padStart(5)}     1 root      ${unit === board.units.at(-1) ? '2.4' : '0.0'}  ${6000 + index * 911} 19-02:10:40 /usr/sbin/${unit.name.replace('.service', '')}`,
      )
  return `${lines.join('\n')}\n`
}
