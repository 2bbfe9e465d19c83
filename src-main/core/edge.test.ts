import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeRepository } from '../../e2e/world/git-repository.ts'
import { isolatedHome } from '../../e2e/world/isolated-home.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import { fromBase64 } from '../../shared/edge/base64.ts'
import type { EdgeNodeView, JournalItem } from '../../shared/edge/contract.ts'
import { type SandboxFleet, serveFleet } from '../sandbox/edge/serve-fleet.ts'
import { createCore } from './create-core.ts'

const node = (name: string, more = '') =>
  `---\napiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: ${name}, labels: { site: here } }\nspec: { host: ${name}, architecture: arm64${more} }\n`

describe.runIf(process.platform !== 'win32')('edge nodes through the contract', () => {
  const home = isolatedHome()
  let fleet: SandboxFleet
  let directory: string
  beforeAll(async () => {
    fleet = await serveFleet(join(home.folder, 'fleet'), { now: Date.now() })
    const nodes = [node('lisbon'), node('rotterdam', ', protected: true'), node('gdynia')].join('')
    directory = makeRepository(home, 'shop', { '.pilothouse/edge/nodes.yaml': nodes })
  }, 60_000)
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    home[Symbol.dispose]()
  }, 60_000)
  const board = (name: string) => fleet.boards.get(name)!

  async function open(): Promise<AsyncDisposable & { api: Api; workspace: string }> {
    const core = await createCore({ ...testHost(join(home.folder, 'data')), ssh: fleet.ssh })
    const [coreSide, ours] = inMemoryChannel()
    core.answer(coreSide)
    const api = createClient(contract, ours)
    const { workspace } = await api.workspaces.open({ directory })
    return { api, workspace, [Symbol.asyncDispose]: () => core[Symbol.asyncDispose]() }
  }
  /** Watches until the nodes are as wanted. */
  async function until(
    { api, workspace }: { api: Api; workspace: string },
    wanted: (nodes: ReadonlyMap<string, EdgeNodeView>) => boolean,
  ): Promise<ReadonlyMap<string, EdgeNodeView>> {
    for await (const { nodes } of api.edge.watch({ workspace })) {
      const named = new Map(nodes.map(each => [each.name, each]))
      if (wanted(named)) return named
    }
    throw new Error('The view ended')
  }

  test('nothing is connected to before a person agrees; then each says how it does, and a lost one is stale since', async () => {
    await using app = await open()
    const { api, workspace } = app
    board('gdynia').setFaults([{ kind: 'dead' }])
    const before = await until(app, () => true)
    expect([...before.values()].map(({ name, state, protected: guarded }) => [name, state, guarded])).toEqual([
      ['lisbon', 'not-allowed', false],
      ['rotterdam', 'not-allowed', true],
      ['gdynia', 'not-allowed', false],
    ])
    expect(board('lisbon').signedIn()).toBe(0)
    await expect(api.edge.units({ workspace, node: 'lisbon' })).rejects.toMatchObject({ key: 'edge.notAllowed' })

    await api.edge.allow({ workspace, nodes: ['lisbon', 'rotterdam', 'gdynia'] })
    const seen = await until(app, nodes =>
      [...nodes.values()].every(({ state }) => state === 'live' || state === 'failed'),
    )
    expect([...seen.values()].map(({ state }) => state)).toEqual(['live', 'live', 'failed'])
    expect(seen.get('rotterdam')!.problems.map(({ severity, message }) => [severity, message.key])).toEqual([
      ['error', 'edge.problemFailedUnits'],
      ['error', 'edge.problemUnderVoltage'],
      ['warning', 'edge.problemDiskNearlyFull'],
      ['warning', 'edge.problemThrottled'],
      ['warning', 'edge.problemHot'],
      ['warning', 'edge.problemClockAhead'],
      ['note', 'edge.problemRebootFor'],
    ])
    expect(seen.get('gdynia')).toMatchObject({ facts: null, problem: { key: 'transport.sshUnreachable' } })

    // Many looks share one line.
    const lines = board('lisbon').signedIn()
    await Promise.all([1, 2, 3].map(() => api.edge.units({ workspace, node: 'lisbon' })))
    expect(board('lisbon').signedIn()).toBe(lines)

    const views = api.edge.watch({ workspace })[Symbol.asyncIterator]()
    const stateOf = async (name: string, wanted: string) => {
      for (;;) {
        const { value } = await views.next()
        const found = value.nodes.find((each: EdgeNodeView) => each.name === name)
        if (found.state === wanted) return found as EdgeNodeView
      }
    }
    await stateOf('lisbon', 'live')
    board('lisbon').setFaults([{ kind: 'dead' }])
    const stale = await stateOf('lisbon', 'stale')
    expect(stale.facts?.hostName).toBe('lisbon')
    expect(Date.parse(stale.staleSince!)).toBeGreaterThanOrEqual(Date.parse(stale.lastSeen!))
    board('lisbon').setFaults([])
    await api.edge.refresh({ workspace, nodes: ['lisbon'] })
    await stateOf('lisbon', 'live')
    await views.return?.()
  })

  test('what was seen is there after a restart, without the network', async () => {
    board('rotterdam').setFaults([{ kind: 'dead' }])
    {
      await using app = await open()
      const nodes = await until(app, all => all.get('rotterdam')!.state === 'stale')
      expect(nodes.get('rotterdam')).toMatchObject({
        state: 'stale',
        address: `pilot@127.0.0.1:${board('rotterdam').port}`,
        facts: { model: 'Raspberry Pi Compute Module 4 Rev 1.1' },
      })
      expect(nodes.get('rotterdam')!.lastSeen).not.toBeNull()
    }
    board('rotterdam').setFaults([])
  })

  test('units, processes, folders and files are shown as text', async () => {
    await using app = await open()
    const { api, workspace } = app
    const of = { workspace, node: 'rotterdam' }
    const { units } = await api.edge.units(of)
    expect(units[0]).toMatchObject({ name: 'lte-modem.service', active: 'failed' })
    expect(units.map(({ name }) => name)).toContain('card-reader.service')
    const { processes } = await api.edge.processes(of)
    expect(processes.find(({ id }) => id === 1)).toMatchObject({ user: 'root', command: '/sbin/init' })
    await writeFile(join(board('rotterdam').made.root, 'home/pilot', '\u001b[31m$(id)'), 'x')
    const { entries, path } = await api.edge.folder({ ...of, path: '.' })
    expect([path, entries.map(({ shown }) => shown)]).toEqual(['/home/pilot', ['�[31m$(id)', 'notes.txt']])
    const hostile = entries[0]!.name
    const file = await api.edge.file({ ...of, path: `${path}/${hostile}`, offset: 0, length: 10 })
    expect([Buffer.from(fromBase64(file.bytes)).toString(), file.size]).toEqual(['x', 1])
    await expect(api.edge.file({ ...of, path: '/etc', offset: 0, length: 1 })).rejects.toMatchObject({
      key: 'edge.notAFile',
    })
  })

  test('the journal is followed, and goes on where it was when the line is back', async () => {
    await using app = await open()
    const { api, workspace } = app
    const { made } = board('lisbon')
    await made.log('card-reader.service', 'reader ready')
    await made.log('other.service', 'of no interest')
    const items = api.edge.journal({ workspace, node: 'lisbon', unit: 'card-reader.service' })[Symbol.asyncIterator]()
    const next = async (): Promise<JournalItem> => (await items.next()).value
    const messages = async (count: number): Promise<string[]> => {
      const found: string[] = []
      while (found.length < count) found.push(...(await next()).entries.map(({ message }) => message))
      return found
    }
    expect(await messages(1)).toEqual(['reader ready'])
    await made.log('card-reader.service', '\u001b[2J<b>card</b> 1')
    expect(await messages(1)).toEqual(['�[2J<b>card</b> 1'])

    board('lisbon').setFaults([{ kind: 'dead' }])
    expect((await next()).lost).toMatchObject({ problem: { key: expect.any(String) } })
    await made.log('card-reader.service', 'while nobody listened')
    await made.log('other.service', 'nor of this')
    board('lisbon').setFaults([])
    await made.log('card-reader.service', 'and after')
    expect(await messages(2)).toEqual(['while nobody listened', 'and after'])
    await items.return?.()
  })

  test('a terminal is opened, typed into and resized, and is gone with who read it', async () => {
    await using app = await open()
    const { api, workspace } = app
    const items = api.edge.terminal({ workspace, node: 'lisbon', columns: 80, rows: 24 })[Symbol.asyncIterator]()
    const opened = (await items.next()).value
    const terminal: string = opened.terminal
    let shown = ''
    const until = async (text: string) => {
      while (!shown.includes(text)) {
        const { value } = await items.next()
        if (value.kind === 'output') shown += Buffer.from(fromBase64(value.bytes)).toString()
      }
    }
    await until('$ ')
    await api.edge.resize({ terminal, columns: 132, rows: 50 })
    await api.edge.type({ terminal, text: 'stty size\r' })
    await until('50 132')
    await items.return?.()
    await expect
      .poll(() =>
        api.edge.type({ terminal, text: 'x' }).then(
          () => 'open',
          error => error.key,
        ),
      )
      .toBe('edge.terminalGone')
  })
})
