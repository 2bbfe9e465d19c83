import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createSshWorld } from '../../e2e/world/sshd.ts'
import { memorySecrets } from '../../src-main/adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../src-main/adapters/ssh2/create-ssh.ts'
import type { Ssh } from '../../src-main/needs/ssh.ts'

/** Nodes on loopback, each behind a server of OpenSSH of its own, with keys and an SSH configuration that names them. */
export interface OpenSshNodes extends AsyncDisposable {
  readonly names: readonly string[]
  readonly user: string
  /** The configuration, for `ssh -F`. */
  readonly file: string
  /** Our side of it: a new one each time, so that nothing is kept from one round to the next. */
  ssh(): Ssh
}

/**
 * `prepare` makes what a node needs in a folder of its own, and gives the environment its shell runs in. That folder is
 * its home: what a person's shell does when it starts is not what is measured.
 */
export async function openSshNodes(
  count: number,
  folder: string,
  prepare: (root: string) => Promise<Readonly<Record<string, string>>> = async () => ({}),
): Promise<OpenSshNodes> {
  await using opened = new AsyncDisposableStack()
  const world = opened.use(await createSshWorld())
  const key = await world.key('id')
  const hostKey = await world.key('host', { authorized: false })
  const names = Array.from({ length: count }, (_, index) => `node-${index}`)
  let config = ''
  for (const name of names) {
    const root = join(folder, name)
    mkdirSync(root, { recursive: true })
    const environment = Object.entries({ HOME: root, ...(await prepare(root)) }).map(
      ([variable, value]) => ` ${variable}=${value}`,
    )
    const { port } = await world.server({
      hostKey,
      config: `SetEnv${environment.join('')}\nMaxStartups 500\nSubsystem sftp internal-sftp`,
    })
    config += `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n`
  }
  const file = join(world.home, '.ssh', 'config')
  await world.config(
    `${config}Host *\n  User ${world.user}\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  IdentityAgent none\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  GlobalKnownHostsFile /dev/null\n  LogLevel ERROR\n`,
  )
  const prompter = { ask: async () => null }
  const held = opened.move()
  return {
    names,
    user: world.user,
    file,
    ssh: () => createSsh({ prompter, secrets: memorySecrets(), home: world.home, configFiles: [file], env: {} }),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  }
}
