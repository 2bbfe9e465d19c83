import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { RolloutView } from '../../shared/fleet/contract.ts'
import type { NodeState } from '../../shared/fleet/rollout.ts'
import { translate } from '../../shared/messages/index.ts'
import { memorySecrets } from '../../src-main/adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../src-main/adapters/ssh2/create-ssh.ts'
import { poolSsh } from '../../src-main/adapters/ssh2/pool-ssh.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import type { SshPool } from '../../src-main/needs/ssh.ts'
import { git, makeRepository } from '../world/git-repository.ts'
import { type Home, isolatedHome } from '../world/isolated-home.ts'
import { testHost } from '../world/test-host.ts'
import type { EdgeGround } from './grounds.ts'

const program = (version: number) =>
  `#!/bin/sh\necho "version ${version} says $GREETING"\n: >ready\nwhile :; do sleep 3600; done\n`
/** A header of ELF is what a program is told by. */
const elf = (machineNumber: number): Uint8Array => {
  const bytes = new Uint8Array(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes[18] = machineNumber
  return bytes
}

export type DeployWhat = {
  readonly systemd: boolean
  /** Whether it has processors and a power switch of its own, and the time to try them. */
  readonly real: boolean
}

/** One suite for every ground: what a deploy does on a board of the sandbox it does on a real machine. */
export function deploySuite(name: string, open: () => Promise<EdgeGround>, { systemd, real }: DeployWhat): void {
  describe(`deploying to ${name}`, () => {
    let home: Home
    let ground: EdgeGround
    let directory: string
    let core: AsyncDisposable
    let api: Api
    let workspace: string
    let ssh: SshPool

    const declare = (version: number): void => {
      const text = `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeNode
metadata: { name: node }
spec: { host: ${ground.host}, architecture: ${ground.architecture} }
---
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: motion }
spec:
  node: node
  version: ${version}
  artifact: { path: build/motion }
  env: [{ name: GREETING, value: "it's $5, 100% \\"ok\\"" }]
  files: [{ path: etc/motion.conf, content: "version = ${version}\\n" }]
  unit: { cpuAffinity: 0, memoryMax: 64M, restart: on-failure }
  health: { exec: [sh, -c, 'test -f "$\{PILOTHOUSE_ROOT-}/opt/pilothouse/motion/current/ready"'], timeout: 60s, stable: 1s }
`
      writeFileSync(join(directory, '.pilothouse/edge/fleet.yaml'), text)
      git(home, directory, 'add', '-A')
      git(home, directory, 'commit', '-q', '-m', `version ${version}`)
    }
    const build = (bytes: string | Uint8Array): void => {
      mkdirSync(join(directory, 'build'), { recursive: true })
      writeFileSync(join(directory, 'build/motion'), bytes)
      chmodSync(join(directory, 'build/motion'), 0o755)
    }
    const apply = async (): Promise<{ state: NodeState; rollout: RolloutView }> => {
      const { rollouts } = await api.fleet.apply({ workspace })
      expect(rollouts).toHaveLength(1)
      for await (const view of api.fleet.view({ workspace })) {
        const rollout = view.rollouts.find(({ id }) => id === rollouts[0])
        if (rollout?.end) return { state: rollout.nodes['node']!, rollout }
      }
      throw new Error('the view ended')
    }
    const on = async (command: string): Promise<string> => {
      await using connection = await ssh.connect({ host: ground.host }, undefined, true)
      await using process = await connection.exec(command)
      let said = ''
      for await (const bytes of process.stdout) said += new TextDecoder().decode(bytes)
      return said.trim()
    }

    beforeAll(async () => {
      home = isolatedHome()
      ground = await open()
      const ask = async (): Promise<never> => {
        throw new Error('nobody is here to be asked')
      }
      const needs = { prompter: { ask } as never, secrets: memorySecrets(), env: {} }
      ssh = poolSsh(createSsh({ ...ground.ssh, ...needs }), { now: Date.now })
      directory = makeRepository(home, 'fleet', { '.gitignore': 'build\n', '.pilothouse/edge/fleet.yaml': '' })
      build(program(1))
      declare(1)
      const made = await createCore({ ...testHost(join(home.folder, 'data')), ssh: ground.ssh })
      core = made
      const [coreSide, ours] = inMemoryChannel()
      made.answer(coreSide)
      api = createClient(contract, ours)
      workspace = (await api.workspaces.open({ directory })).workspace
    }, 180_000)
    afterAll(async () => {
      await core?.[Symbol.asyncDispose]()
      await ssh?.[Symbol.asyncDispose]()
      await ground?.[Symbol.asyncDispose]()
      home[Symbol.dispose]()
    }, 60_000)

    if (systemd)
      test('a program for another machine is refused before anything is sent', async () => {
        build(elf(ground.architecture === 'amd64' ? 183 : 62))
        const { state } = await apply()
        if (state.kind !== 'refused') throw new Error(JSON.stringify(state))
        expect(state.reason.key).toBe('fleet.wrongArchitecture')
        expect(await on('ls "$PILOTHOUSE_ROOT/opt/pilothouse" 2>/dev/null | wc -l')).toBe('0')
        build(program(1))
      })

    if (!systemd)
      test('a node without systemd is refused before anything is sent, with the remedy', async () => {
        const plan = await api.fleet.plan({ workspace })
        expect(plan.plans.map(({ kind }) => kind)).toEqual(['refused'])
        const { state } = await apply()
        if (state.kind !== 'refused') throw new Error(JSON.stringify(state))
        expect(plan.plans[0]!.notes).toEqual([state.reason])
        expect(translate('en', state.reason)).toMatch(
          /does not run systemd.*Nothing was sent.*leave node out of the `selector`/,
        )
        expect(await on('test -e /opt/pilothouse/motion || echo nothing')).toContain('nothing')
      })

    if (systemd)
      test('version 1, version 2, and a third that puts itself back and says why', async () => {
        const plan = await api.fleet.plan({ workspace })
        expect(plan.plans).toMatchObject([{ kind: 'install', from: null, to: { version: '1' } }])
        expect((await apply()).state.kind).toBe('applied')
        expect((await api.fleet.plan({ workspace })).plans).toMatchObject([{ kind: 'same', files: [], unit: '' }])

        build(program(2))
        declare(2)
        const update = await api.fleet.plan({ workspace })
        expect(update.plans[0]!.files.map(({ path, change }) => `${change} ${path}`)).toEqual([
          'changed etc/motion.conf',
          'changed motion',
          'changed pilothouse-motion.service',
        ])
        expect(update.plans[0]!.unit).toContain('-Description=motion 1\n+Description=motion 2')
        expect((await apply()).state.kind).toBe('applied')
        expect(await on('cat "$PILOTHOUSE_ROOT/opt/pilothouse/motion/current/etc/motion.conf"')).toBe('version = 2')

        build('#!/bin/sh\necho the calibration is missing >&2\nexit 7\n')
        declare(3)
        const { state, rollout } = await apply()
        if (state.kind !== 'reverted') throw new Error(JSON.stringify(state))
        expect(translate('en', state.reason)).toBe('motion ended by itself (exit-code, status 7).')
        expect(state.journal.join('\n')).toContain('the calibration is missing')
        expect(rollout.end?.kind).toBe('stopped')
        expect(await on('cat "$PILOTHOUSE_ROOT/opt/pilothouse/motion/current/etc/motion.conf"')).toBe('version = 2')
        expect(await on('systemctl is-active pilothouse-motion.service')).toBe('active')
        const journal = await on('sudo -n journalctl -u pilothouse-motion.service -n 3 --no-pager -o cat')
        expect(journal).toContain(`version 2 says it's $5, 100% "ok"`)
      }, 600_000)

    if (systemd)
      test('the decision keeps what became of each node', async () => {
        const notes = git(home, directory, 'log', '--notes=pilothouse', '--format=%s: %N')
        expect(notes).toMatch(/version 3: .*"kind":"rolled-back".*put back: node \(motion ended by itself/)
        expect(notes).toMatch(/version 2: .*"kind":"converged".*1 nodes\. applied: node/)
      })

    const affinity = 'taskset -pc "$(systemctl show -p MainPID --value pilothouse-motion)"'
    if (real)
      test('its processors are those that were chosen, and its journal is followed', async () => {
        expect(await on(affinity)).toMatch(/list: 0$/)
        await api.edge.allow({ workspace, nodes: ['node'] })
        const items = api.edge.journal({ workspace, node: 'node', unit: 'pilothouse-motion.service' })
        for await (const { entries } of items)
          if (entries.some(({ message }) => message.includes(`version 2 says it's $5, 100% "ok"`))) break
      })

    if (real)
      test('it is there again after a restart of the node, and what nobody had confirmed is put back', async () => {
        // As a cut line leaves it: armed, switched, running, and not confirmed.
        const at = '/opt/pilothouse/motion'
        const current = await on(`basename "$(readlink ${at}/current)"`)
        const other = await on(`ls ${at}/releases | grep -v ${current} | head -n 1`)
        expect(other).toMatch(/^[0-9a-f]{64}$/)
        const begin = `cd ${at}; echo "${other} ${current} $(($(date +%s) + 600))" >pending; ln -s releases/${other} .current.t; mv -T .current.t current; sync`
        await on(`sudo -n sh -c '${begin}'`)
        expect(await on(`basename "$(readlink ${at}/current)"`)).toBe(other)
        const boot = await on('cat /proc/sys/kernel/random/boot_id')
        await on('sudo -n systemctl reboot').catch(() => '')
        let again = boot
        while (again === boot || again === '') again = await on('cat /proc/sys/kernel/random/boot_id').catch(() => boot)
        let state = ''
        while (state !== 'active') state = await on('systemctl is-active pilothouse-motion.service').catch(() => '')
        expect(await on(`basename "$(readlink ${at}/current)"`)).toBe(current)
        expect(await on(`cat ${at}/last-revert`)).toContain('reboot')
        expect(await on(`cat ${at}/current/etc/motion.conf`)).toBe('version = 2')
        expect(await on(affinity)).toMatch(/list: 0$/)
      }, 600_000)
  })
}
