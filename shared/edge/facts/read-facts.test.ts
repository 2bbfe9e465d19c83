import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsScript } from './facts-script.ts'
import { findProblems } from './find-problems.ts'
import { architectureOf, readFacts } from './read-facts.ts'

const nonce = '0123456789abcdef0123456789abcdef'
const asked = { sent: 1_700_000_000_000, answered: 1_700_000_000_100 }
const answer = (parts: Readonly<Record<string, string>>, end = true) =>
  `${Object.entries({ uname: 'Linux box 6.1.0 aarch64\n', ...parts })
    .map(([name, text]) => `\n@${nonce} ${name}\n${text}`)
    .join('')}${end ? `\n@${nonce} end\n` : ''}`
const read = (parts: Readonly<Record<string, string>>, end = true) => readFacts(nonce, answer(parts, end), asked)!

describe('what a node says of itself', () => {
  test('a Raspberry Pi, as its kernel and firmware write', () => {
    const facts = read({
      model: 'Raspberry Pi 4 Model B Rev 1.4\0\n',
      bits: '64\n',
      version: 'Linux version 6.1.0 #1 SMP PREEMPT_RT Debian\n',
      os: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
      cpu: 'CPU implementer\t: 0x41\nCPU part\t: 0xd08\nModel\t\t: Raspberry Pi 4\n',
      cpus: '/sys/devices/system/cpu/online 0-3\n/sys/devices/system/cpu/isolated 2-3\n/sys/devices/system/cpu/cpufreq/policy0/scaling_governor performance\n',
      memory: 'MemTotal: 1000 kB\nMemAvailable: 40 kB\nSwapTotal: 100 kB\nSwapFree: 90 kB\n',
      mounts: '/ ext4 rw,noatime\n/boot/firmware vfat ro\n',
      disks:
        'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/root 1000 980 20 98% /\n/dev/mmcblk0p1 100 90 10 90% /boot/firmware\n/dev/root 1000 980 20 98% /var/lib/docker\n',
      heat: 'cpu-thermal 84300\nbad x\n',
      throttling: 'throttled=0x50005\n',
      clock: '1700000003 050000000\n',
      time: 'yes\n',
      init: 'systemd\n',
      systemd: 'degraded\nsystemd 252 (252.31-1)\n',
      failed: 'wifi.service loaded failed failed Wi-Fi, the second line\n',
      containers: '> docker\nweb|nginx:1|Up 2 hours\n> podman\nError: no such host\n',
      network:
        '2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\n3: wg0@eth0    inet6 fd00::1/64 scope global\n',
      links: '/sys/class/net/eth0/operstate up\n/sys/class/net/lo/operstate unknown\n',
      route: 'Iface\tDestination\tGateway\neth0\t00000000\t0100000A\t0003\n',
      reboot: 'required\nlinux-image\n',
      who: 'pilot\n1000\n',
      sudo: 'sudo: a password is required\n',
    })
    expect(facts).toMatchObject({
      model: 'Raspberry Pi 4 Model B Rev 1.4',
      architecture: 'arm64',
      realtime: true,
      cpu: { name: 'Cortex-A72', count: 4, isolated: '2-3', governors: ['performance'] },
      disks: [
        { at: '/', readOnly: false, size: 1_024_000 },
        { at: '/boot/firmware', readOnly: true },
      ],
      heat: [{ zone: 'cpu-thermal', celsius: 84.3 }],
      throttling: { now: ['under-voltage', 'throttled'] },
      clock: { offset: 3000, within: 50, synchronised: true },
      systemd: { state: 'degraded', version: 252 },
      failedUnits: [{ name: 'wifi.service', description: 'Wi-Fi, the second line' }],
      containers: [
        { engine: 'docker', running: [{ name: 'web' }], problem: null },
        { engine: 'podman', running: [], problem: 'Error: no such host' },
      ],
      interfaces: [
        { name: 'eth0', state: 'up', addresses: ['10.0.0.5/24'] },
        { name: 'wg0', state: null, addresses: ['fd00::1/64'] },
      ],
      gateway: { address: '10.0.0.1', interface: 'eth0' },
      pendingReboot: { kind: 'required', by: ['linux-image'] },
      sudo: 'no',
      complete: true,
    })
    expect(findProblems(facts, 'arm').map(({ severity, message }) => `${severity} ${message.key.slice(12)}`)).toEqual([
      'error Architecture',
      'error DiskFull',
      'error FailedUnits',
      'error UnderVoltage',
      'warning Throttled',
      'warning Hot',
      'warning Memory',
      'warning ClockAhead',
      'note RebootFor',
      'note NoSudo',
    ])
  })

  test('next to nothing: only what is there is said', () => {
    const facts = read({ clock: '1700000000 %N\n' }, false)
    expect(facts).toMatchObject({ model: null, memory: null, disks: [], systemd: null, sudo: null, complete: false })
    expect(facts.clock).toMatchObject({ offset: 450, within: 550 })
    expect(readFacts(nonce, 'This account is currently not available.\n', asked)).toBeNull()
    expect(readFacts(nonce, '', asked)).toBeNull()
  })

  test('programs of 32 bits under a kernel of 64 take releases of 32', () => {
    expect([
      architectureOf('aarch64', 32),
      architectureOf('aarch64', 64),
      architectureOf('armv7l', 32),
      architectureOf('x86_64', 64),
      architectureOf('riscv64', 64),
      architectureOf('mips', 32),
    ]).toEqual(['arm', 'arm64', 'arm', 'amd64', 'riscv64', null])
  })

  test('no part can pass for another, and nothing in one acts', () => {
    const facts = read({
      model: '\u001b]0;x\u0007\u001b[2J<script>\u202e\n@0 uname\nLinux evil 1 x86_64\n@deadbeef sudo\nroot\n',
      failed: '$(reboot).service loaded failed failed `id` \u009b31m\n',
    })
    expect(facts.hostName).toBe('box')
    expect(facts.sudo).toBeNull()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(JSON.stringify(facts)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]|\\u00[01]/)
  })

  test('whatever comes is read or refused, and nothing of it acts', () => {
    const names = ['uname', 'os', 'cpu', 'cpus', 'memory', 'mounts', 'disks', 'heat', 'throttling', 'clock', 'systemd']
    const more = [
      'failed',
      'containers',
      'network',
      'links',
      'route',
      'reboot',
      'who',
      'sudo',
      'uptime',
      'load',
      'init',
    ]
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names, ...more), fc.string({ unit: 'binary', maxLength: 200 })),
        parts => {
          const facts = readFacts(nonce, answer(parts), asked)
          if (facts) findProblems(facts, 'arm64')
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
          expect(JSON.stringify(facts)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]|\\u00[01]/)
        },
      ),
      { numRuns: 100 },
    )
  })

  const shells = [
    ['/bin/dash', []],
    ['/bin/bash', ['--posix']],
    ['/bin/busybox', ['sh']],
    ['/usr/bin/mksh', []],
  ] as const
  test.each(shells.filter(([shell]) => existsSync(shell)))('%s tells them all', (shell, arguments_) => {
    const ran = spawnSync(shell, arguments_, { input: factsScript(nonce, { privilege: true }) })
    const facts = readFacts(nonce, ran.stdout.toString(), asked)!
    expect(ran.stderr.toString()).toBe('')
    expect(facts.complete).toBe(true)
    expect(facts.cpu.count).toBeGreaterThan(0)
    expect(facts.sudo).not.toBeNull()
  })
})
