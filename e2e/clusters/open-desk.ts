import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { git } from '../world/small-repository.ts'
import { testHost } from '../world/test-host.ts'

/** A repository with one environment, `deploy`, and a core whose clusters are the ground's. */
export async function openDesk(kubeconfig: string, context: string) {
  const desk = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-desk-'))
  desk.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const directory = join(folder, 'repository')
  mkdirSync(join(directory, 'deploy'), { recursive: true })
  writeFileSync(join(directory, 'README.md'), 'Test\n')
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'config', 'user.name', 'Ada Lovelace')
  git(directory, 'config', 'user.email', 'ada@example.org')
  const commit = (message: string) => {
    git(directory, 'add', '-A')
    git(directory, 'commit', '-q', '-m', message)
  }
  commit('Begin')
  const host = { ...testHost(join(folder, 'home')), kubeconfigFiles: [kubeconfig] }
  const core = desk.use(await createCore(host))
  const [coreSide, ourSide] = inMemoryChannel()
  core.answer(coreSide)
  desk.defer(() => ourSide.close())
  const api = createClient(contract, ourSide)
  const { workspace } = await api.workspaces.open({ directory })
  return {
    api,
    directory,
    commit,
    at: { workspace, environment: 'deploy', context },
    [Symbol.asyncDispose]: () => desk.disposeAsync(),
  }
}
