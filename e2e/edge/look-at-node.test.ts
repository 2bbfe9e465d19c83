import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import { fromBase64 } from '../../shared/edge/base64.ts'
import type { EdgeNodeView } from '../../shared/edge/contract.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { pilothouse } from '../world/command-line.ts'
import { makeRepository } from '../world/git-repository.ts'
import { type Home, isolatedHome } from '../world/isolated-home.ts'
import { testHost } from '../world/test-host.ts'
import { deploySuite } from './deploy-suite.ts'
import { type EdgeGround, hasSshd, machineFolder, machineGround, opensshGround, sandboxGround } from './grounds.ts'

if (!hasSshd) console.log('NOT RUN: edge nodes against OpenSSH, because there is no sshd on this machine')

const isNamed = process.env['PILOTHOUSE_EDGE'] !== undefined
/** Where it takes longer to start than this, all that follows would too: only who names it waits for it. */
const patience = isNamed ? 90 : 25
const machine =
  machineFolder === null
    ? 'PILOTHOUSE_EDGE names the folder of its recipe'
    : await machineGround(machineFolder, { patience })
if (typeof machine === 'string') console.log(`NOT RUN: edge nodes against a real ARM64 machine (${machine})`)
else if (!isNamed)
  console.log('NOT RUN: a restart of a real ARM64 machine, which takes a minute (PILOTHOUSE_EDGE names it)')

const sandbox = 'a sandbox node'

/** One suite for every ground: what holds for a board of the sandbox holds for a real machine. */
function suite(name: string, open: () => Promise<EdgeGround>): void {
  describe(`a look at ${name}`, () => {
    let home: Home
    let ground: EdgeGround
    let directory: string
    let core: AsyncDisposable
    let api: Api
    let workspace: string
    const of = () => ({ workspace, node: 'node' })
    beforeAll(async () => {
      home = isolatedHome()
      ground = await open()
      directory = makeRepository(home, 'fleet', {
        '.pilothouse/edge/node.yaml': `apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: node }\nspec: { host: ${ground.host}, architecture: ${ground.architecture} }\n`,
      })
      const made = await createCore({ ...testHost(join(home.folder, 'data')), ssh: ground.ssh })
      core = made
      const [coreSide, ours] = inMemoryChannel()
      made.answer(coreSide)
      api = createClient(contract, ours)
      workspace = (await api.workspaces.open({ directory })).workspace
      await api.edge.allow({ workspace, nodes: ['node'] })
      // A machine that is emulated takes a while to start.
    }, 150_000)
    afterAll(async () => {
      await core?.[Symbol.asyncDispose]()
      await ground?.[Symbol.asyncDispose]()
      home[Symbol.dispose]()
    }, 60_000)

    test('facts in one round trip', async () => {
      let node: EdgeNodeView | undefined
      for await (const { nodes } of api.edge.watch({ workspace })) {
        node = nodes[0]
        if (node?.state === 'live' || node?.state === 'failed') break
      }
      expect(node).toMatchObject({
        state: 'live',
        problem: null,
        facts: {
          system: 'Linux',
          machine: ground.machine,
          architecture: ground.architecture,
          complete: true,
          memory: { total: expect.any(Number) },
        },
      })
      const facts = node!.facts!
      expect(facts.cpu.count).toBeGreaterThan(0)
      expect(facts.disks.map(({ at }) => at)).toContain('/')
      expect(facts.os.name).not.toBe('')
      expect(facts.uptime).toBeGreaterThanOrEqual(0)
      expect(facts.bootId).toMatch(/^[0-9a-f-]{36}$/)
      expect(facts.clock).not.toBeNull()
      expect(facts.systemd !== null).toBe(ground.systemd)
      expect(node!.problems.map(({ message }) => message.key)).not.toContain('edge.problemArchitecture')
    })

    test('units, and processes with the busiest first', async () => {
      const { units, init } = await api.edge.units(of())
      if (ground.systemd) expect(units.map(({ name }) => name)).toContain('ssh.service')
      else expect(init).not.toBe('systemd')
      const { processes } = await api.edge.processes(of())
      expect(processes.find(({ id }) => id === 1)).toBeDefined()
    })

    test('files: a folder, and what stands in one', async () => {
      const { entries } = await api.edge.folder({ ...of(), path: '/etc' })
      expect(entries.map(({ name }) => name)).toContain('os-release')
      const { bytes } = await api.edge.file({ ...of(), path: '/etc/os-release', offset: 0, length: 4096 })
      expect(Buffer.from(fromBase64(bytes)).toString()).toContain('PRETTY_NAME=')
      await expect(api.edge.folder({ ...of(), path: '/no/such' })).rejects.toMatchObject({ code: 'not-found' })
    })

    test('a terminal of the size it was given', async () => {
      const items = api.edge.terminal({ ...of(), columns: 120, rows: 40 })[Symbol.asyncIterator]()
      const opened = (await items.next()).value
      const [typed, wanted] = ground.typed
      await api.edge.type({ terminal: opened.terminal, text: typed })
      let shown = ''
      while (!shown.includes(wanted)) {
        const { value } = await items.next()
        if (value.kind === 'output') shown += Buffer.from(fromBase64(value.bytes)).toString()
        else expect(value).toBe(`a shell that shows ${wanted}; it showed ${shown}`)
      }
      expect(shown).toContain('40 120')
      await items.return?.()
    })

    test('the journal is followed', async () => {
      if (!ground.log) return
      const items = api.edge.journal({ ...of(), text: 'followed-' })[Symbol.asyncIterator]()
      const message = async () => {
        for (;;) {
          const { value } = await items.next()
          if (value.entries.length > 0) return value.entries[0].message
        }
      }
      await ground.log('followed-1')
      expect(await message()).toBe('followed-1')
      await ground.log('followed-2 <b>bold</b>')
      expect(await message()).toBe('followed-2 <b>bold</b>')
      await items.return?.()
    })

    // What it prints is the same wherever the node is, and a process costs seconds.
    test.runIf(name === sandbox)('edge status from the command line', async () => {
      const { ssh } = ground
      await mkdir(join(home.environment['HOME']!, '.ssh'), { recursive: true })
      await writeFile(
        join(home.environment['HOME']!, '.ssh', 'config'),
        `Include ${ssh.configFiles[0]}\nHost *\n  UserKnownHostsFile ${join(ssh.home, '.ssh/known_hosts')}\n`,
      )
      const json = await pilothouse(home, directory, ['edge', 'status', directory, '--json'])
      expect(json.err).toBe('')
      const [node] = JSON.parse(json.out)
      expect(node).toMatchObject({ name: 'node', state: 'live', facts: { machine: ground.machine } })
      expect(json.code).toBe(node.problems.some(({ severity }: { severity: string }) => severity === 'error') ? 1 : 0)
      const wrong = await pilothouse(home, directory, ['edge', 'status', directory, '--node', 'nodes'])
      expect([wrong.code, wrong.err.trim()]).toEqual([2, 'No EdgeNode is called nodes. Did you mean node?'])
    })
  })
}

suite(sandbox, sandboxGround)
if (hasSshd) suite('OpenSSH on this machine, which is rude', opensshGround)
if (typeof machine !== 'string') {
  // It is started once for all that is done on it.
  const open = async () => ({ ...machine, [Symbol.asyncDispose]: async () => {} })
  suite(machine.name, open)
  deploySuite(machine.name, open, { systemd: true, real: isNamed })
  afterAll(() => machine[Symbol.asyncDispose](), 60_000)
}
