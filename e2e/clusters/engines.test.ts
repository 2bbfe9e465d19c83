import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FollowView } from '../../shared/delivery/delivery.ts'
import type { JsonObject } from '../../shared/manifests/manifest.ts'
import { readGitEnvironment } from '../../src-main/adapters/git/open/git-environment.ts'
import { openRepositoryWith } from '../../src-main/adapters/git/open-repository.ts'
import type { Checkouts } from '../../src-main/sandbox/cluster/checkouts.ts'
import { createFluxControllers } from '../../src-main/sandbox/cluster/flux.ts'
import { followRepository } from '../../src-main/sandbox/cluster/follow-repository.ts'
import { createGitOpsController } from '../../src-main/sandbox/cluster/gitops.ts'
import { serveCluster } from '../../src-main/sandbox/cluster/serve-cluster.ts'
import { git } from '../world/small-repository.ts'
import { soon } from './cluster-objects.ts'
import { openDesk } from './open-desk.ts'

const address = 'https://git.example.com/shop/deploy.git'
const meta = (name: string) => ({ metadata: { name, namespace: 'default' } })
type Engine = {
  readonly group: string
  readonly kind: string
  readonly objects: readonly (readonly [string, JsonObject])[]
}

const engines: { readonly [name: string]: Engine } = {
  'Argo CD': {
    group: 'argoproj.io',
    kind: 'Application',
    objects: [
      [
        'argoproj.io/Application',
        {
          ...meta('shop'),
          spec: {
            source: { repoURL: address, path: 'deploy', targetRevision: 'main' },
            destination: { namespace: 'default' },
            syncPolicy: { automated: { prune: true } },
          },
        },
      ],
    ],
  },
  Flux: {
    group: 'kustomize.toolkit.fluxcd.io',
    kind: 'Kustomization',
    objects: [
      [
        'source.toolkit.fluxcd.io/GitRepository',
        { ...meta('shop'), spec: { url: address, ref: { branch: 'main' }, interval: '1m' } },
      ],
      [
        'kustomize.toolkit.fluxcd.io/Kustomization',
        {
          ...meta('shop'),
          spec: { path: './deploy', prune: true, interval: '10m', sourceRef: { kind: 'GitRepository', name: 'shop' } },
        },
      ],
    ],
  },
}

test.each(Object.entries(engines))(
  '%s is followed to each decision, stands still with a reason, is refreshed, and fails in its own words',
  async (_, { group, kind, objects }) => {
    await using world = new AsyncDisposableStack()
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-engines-'))
    world.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
    let checkouts: Checkouts | null = null
    const followed: Checkouts = {
      latest: what => checkouts?.latest(what) ?? null,
      refresh: () => checkouts?.refresh(),
    }
    const server = world.use(
      await serveCluster({
        startAt: Date.now(),
        controllers: state => [createGitOpsController(state, followed), ...createFluxControllers(state, followed)],
      }),
    )
    await server.writeKubeconfig(join(folder, 'config'))
    const desk = world.use(await openDesk(join(folder, 'config'), 'sandbox'))
    const { api, at, directory } = desk
    git(directory, 'remote', 'add', 'origin', address)
    const decide = (subject: string, text: string): string => {
      writeFileSync(join(directory, 'deploy/web.yaml'), text)
      desk.commit(`DECISION: ${subject}\n\nIt is time.\n\nDecision-Kind: upgrade\n`)
      return git(directory, 'rev-parse', 'HEAD').trim()
    }
    const web = (level: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: default}\ndata: {level: ${level}}\n`
    const first = decide('be quiet', web('warn'))
    const open = openRepositoryWith({ environment: readGitEnvironment(process.env) })
    const repository = world.use(await open(directory))
    const following = followRepository(
      repository,
      () => {
        for (const [each, object] of objects) server.simulation.world.look(each, object)
      },
      error => {
        throw error
      },
    )
    world.defer(() => following.close())
    checkouts = following
    await following.follow({ revision: 'main', path: 'deploy' })
    for (const [each, object] of objects) server.simulation.world.create(each, object, 'test')

    const leaving = new AbortController()
    let view: FollowView | null = null
    const watching = (async () => {
      for await (const next of api.delivery.follow(at, { signal: leaving.signal })) view = next
    })().catch(() => {})
    /** The cluster's clock goes on until it is so. */
    const until = (told: () => unknown, expected: unknown) =>
      expect
        .poll(() => {
          server.simulation.advance(1000)
          return told()
        }, soon)
        .toEqual(expected)
    const told = () => {
      const [member] = view?.members ?? []
      return member && [member.sync, member.standing, member.suspended?.reason ?? null]
    }
    const results = async (decision: string) =>
      (await api.decisions.show({ workspace: at.workspace, decision })).results.map(each => [each.kind, each.reason])
    const level = () => server.simulation.world.get('/ConfigMap', 'default', 'web')?.['data']
    await until(told, ['synced', 'here', null])
    await expect.poll(() => results(first), soon).toEqual([['converged', null]])
    expect(level()).toEqual({ level: 'warn' })

    const object = { group, kind, namespace: 'default', name: 'shop' }
    const { decision } = await api.delivery.suspend({ ...at, object, reason: 'The sale runs until Sunday.' })
    const second = decide('be loud', web('debug'))
    await api.delivery.act({ ...at, object, action: 'refresh' })
    await expect.poll(() => following.latest({ revision: 'main', path: 'deploy' })?.revision, soon).toBe(second)
    server.simulation.advance(60_000)
    expect(level()).toEqual({ level: 'warn' })
    await expect.poll(() => told()?.[2], soon).toBe('The sale runs until Sunday.')
    expect(git(directory, 'log', '-1', '--format=%b', decision!)).toContain('The sale runs until Sunday.')

    await api.delivery.resume({ ...at, object, reason: 'It is over.' })
    await until(() => [told(), level()], [['synced', 'here', null], { level: 'debug' }])
    await expect.poll(async () => (await results(second)).at(-1), soon).toEqual(['converged', null])

    // A file that cannot be read: the engine says so, and what was there stays.
    decide('be broken', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web\n')
    await api.delivery.act({ ...at, object, action: 'refresh' })
    await until(() => view?.members[0]?.errors.join().includes('deploy/web.yaml'), true)
    expect(level()).toEqual({ level: 'debug' })
    leaving.abort()
    await watching
  },
)
