import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEdgeFile } from '../../../shared/edge/read-edge.ts'
import { translate } from '../../../shared/messages/index.ts'
import { memoryDocuments } from '../../adapters/app-data/memory-documents.ts'
import { systemArtifacts } from '../../adapters/artifacts/system-artifacts.ts'
import { memorySecrets } from '../../adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../adapters/ssh2/create-ssh.ts'
import type { Artifacts } from '../../needs/artifacts.ts'
import { boards } from '../../sandbox/edge/board.ts'
import { type SandboxFleet, serveFleet } from '../../sandbox/edge/serve-fleet.ts'
import { applyRelease, lookAt } from './apply-release.ts'
import { planFleet } from './plan-fleet.ts'
import { prepareRelease } from './prepare-release.ts'

/** Nobody listens there: what the image is made for is for the node to say. */
const image = (digit: string) => `127.0.0.1:1/team/reader@sha256:${digit.repeat(64)}`
const { signal } = new AbortController()

describe.runIf(process.platform !== 'win32')('an image as a service', () => {
  let folder: string
  let fleet: SandboxFleet
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pilothouse-image-'))
    const names = ['lisbon', 'rotterdam']
    fleet = await serveFleet(folder, { now: Date.now(), boards: boards.filter(({ name }) => names.includes(name)) })
  }, 60_000)
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }, 60_000)

  const inSandbox = (name: string, file: string) => join(fleet.boards.get(name)!.made.root, 'etc/sandbox', file)
  async function play(name: string, digit: string, more: Partial<Artifacts> = {}) {
    const declared = readEdgeFile(
      '.pilothouse/edge/a.yaml',
      `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeNode
metadata: { name: ${name} }
spec: { host: ${name} }
---
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: reader }
spec: { node: ${name}, artifact: { image: "${image(digit)}" }, health: { exec: ["true"], stable: 1ms, timeout: 60s } }
`,
    )
    const [node] = declared.nodes
    const [service] = declared.services
    const ask = () => Promise.reject(new Error('nobody is here to be asked'))
    const ssh = createSsh({ prompter: { ask }, secrets: memorySecrets(), ...fleet.ssh, env: {} })
    await using connection = await ssh.connect({ host: name })
    const artifacts = { ...systemArtifacts(memoryDocuments()), ...more }
    const connect = () => ssh.connect({ host: name })
    const { plans } = await planFleet({ fleet: declared, directory: folder, artifacts, connect, signal }, {})
    const prepared = await prepareRelease(service!, folder, artifacts, signal)
    const pause = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds))
    const outcome = await applyRelease(node!, service!, { connection, prepared, pause, signal })
    const look = await lookAt(node!, connection, ['reader'], signal)
    return { plan: plans[0]!, outcome, look: look.services.get('reader')! }
  }
  const untouched = (name: string) =>
    !existsSync(inSandbox(name, 'images')) && !existsSync(inSandbox(name, '../../opt/pilothouse'))

  test('that is not made for the node is refused before anything is pulled or sent', async () => {
    await writeFile(inSandbox('rotterdam', 'registry'), `${image('a')} amd64,386\n`)
    const { plan, outcome } = await play('rotterdam', 'a')
    if (outcome.kind !== 'refused') throw new Error(outcome.kind)
    expect(translate('en', outcome.reason)).toContain(
      'is made for 386, amd64, and rotterdam is aarch64. Nothing was pulled',
    )
    expect(plan).toMatchObject({ kind: 'refused', notes: [outcome.reason] })
    // The registry itself told this machine.
    const told = await play('rotterdam', 'b', { imageMadeFor: async () => ['amd64'] })
    expect([told.plan.kind, told.outcome.kind]).toEqual(['refused', 'refused'])
    expect(untouched('rotterdam')).toBe(true)
  })

  test('is refused where nothing runs images', async () => {
    const { outcome } = await play('lisbon', 'a')
    if (outcome.kind !== 'refused') throw new Error(outcome.kind)
    expect(translate('en', outcome.reason)).toContain('lisbon has neither podman nor docker')
    expect(untouched('lisbon')).toBe(true)
  })

  test('that is made for the node, among others, is pulled there and runs', async () => {
    await writeFile(inSandbox('rotterdam', 'registry'), `${image('c')} amd64,arm64\n`)
    const { plan, outcome, look } = await play('rotterdam', 'c')
    expect([plan.kind, outcome.kind, look.active]).toEqual(['install', 'applied', 'active'])
    expect(readFileSync(inSandbox('rotterdam', 'images'), 'utf8')).toBe(`${image('c')} arm64\n`)
    const journal = readFileSync(inSandbox('rotterdam', '../../run/systemd/pilothouse-reader.service.log'), 'utf8')
    expect(journal).toContain('a container (sandbox)')
  })

  test('that nobody knows leaves the node as it was, with the runtime’s own words', async () => {
    await expect(play('rotterdam', 'd')).rejects.toMatchObject({ key: 'fleet.pullFailed' })
  })
})
