import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createSshWorld, sshdPath } from '../../e2e/world/sshd.ts'
import { factsScript } from '../../shared/edge/facts/facts-script.ts'
import { memorySecrets } from '../../src-main/adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../src-main/adapters/ssh2/create-ssh.ts'
import { poolSsh } from '../../src-main/adapters/ssh2/pool-ssh.ts'
import { systemClock } from '../../src-main/adapters/system/system.ts'
import { askFacts, newNonce } from '../../src-main/features/edge/ask-facts.ts'
import { compare, print } from '../git/compare.ts'

/** Sessions (a second argument says how many), and how many servers of OpenSSH give them, each on ports of its own. */
const sessions = Number(process.argv[3] ?? 100)
const servers = Math.ceil(sessions / 10)
const { signal } = new AbortController()

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Facts of 100 nodes on loopback, connections included, against as many `ssh` at once and against `ansible -m setup`. */
async function benchFacts(folder: string): Promise<void> {
  await using world = await createSshWorld()
  const key = await world.key('id')
  const hostKey = await world.key('host', { authorized: false })
  const names: string[] = []
  // What a person's shell does when it starts is not what is measured.
  const bare = join(folder, 'home')
  mkdirSync(bare, { recursive: true })
  let config = ''
  for (let server = 0; server < servers; server++) {
    const ports: number[] = []
    while (ports.length < sessions / servers) ports.push(await freePort())
    await world.server({
      hostKey,
      config: `${ports.map(port => `Port ${port}`).join('\n')}\nMaxStartups 500\nSetEnv HOME=${bare}`,
    })
    for (const port of ports) {
      const name = `node-${names.length}`
      names.push(name)
      config += `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n`
    }
  }
  config += `Host *\n  User ${world.user}\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  IdentityAgent none\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  GlobalKnownHostsFile /dev/null\n  LogLevel ERROR\n`
  await world.config(config)
  const file = join(world.home, '.ssh', 'config')
  const script = factsScript(newNonce(systemClock), { privilege: false })

  const ours = async (): Promise<void> => {
    const prompter = { ask: async () => null }
    const ssh = createSsh({ prompter, secrets: memorySecrets(), home: world.home, configFiles: [file], env: {} })
    await using pool = poolSsh(ssh, { now: systemClock.now })
    const facts = await Promise.all(
      names.map(async host => {
        await using connection = await pool.connect({ host, user: world.user }, signal)
        return await askFacts(connection, { privilege: false, timeout: 120_000 }, systemClock, signal)
      }),
    )
    if (facts.some(({ complete }) => !complete)) throw new Error('Facts are missing')
  }
  const parallelSsh = async (): Promise<void> => {
    await Promise.all(
      names.map(
        name =>
          new Promise<void>((resolve, reject) => {
            const child = spawn('ssh', ['-F', file, name, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] })
            let said = ''
            child.stdout.on('data', bytes => {
              said += bytes
            })
            child.once('close', () =>
              / end\n$/.test(said) ? resolve() : reject(new Error(`ssh ${name} did not answer wholly`)),
            )
            child.stdin.end(script)
          }),
      ),
    )
  }
  const besideSsh = await compare(`facts of ${sessions} nodes`, 1.3, 3, ours, parallelSsh, 'as many ssh at once')
  print(besideSsh)

  if (spawnSync('ansible', ['--version']).status !== 0) {
    console.log('NOT RUN: against ansible -m setup, which is not installed (Debian: ansible-core)')
    return
  }
  const home = join(folder, 'ansible')
  mkdirSync(home, { recursive: true })
  const inventory = join(home, 'inventory')
  writeFileSync(inventory, `${names.join('\n')}\n`)
  const ansible = () => {
    // To files: a connection that is kept holds a pipe open long after the end.
    const out = join(home, 'out')
    const ran = spawnSync('ansible', ['all', '-i', inventory, '-m', 'setup', '-f', String(sessions)], {
      stdio: ['ignore', openSync(out, 'w'), openSync(join(home, 'errors'), 'w')],
      env: {
        ...process.env,
        HOME: home,
        // As ansible has it by default, beside the configuration.
        ANSIBLE_SSH_ARGS: `-C -o ControlMaster=auto -o ControlPersist=60s -F ${file}`,
        ANSIBLE_HOST_KEY_CHECKING: 'False',
        ANSIBLE_LOCAL_TEMP: join(home, 'local'),
        ANSIBLE_REMOTE_TEMP: join(home, 'remote'),
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_SSH_TRANSFER_METHOD: 'piped',
      },
    })
    const said = readFileSync(out, 'utf8')
    const answered = said.match(/^node-\d+ \| SUCCESS/gm)?.length ?? 0
    if (answered !== sessions)
      throw new Error(`ansible ended with ${ran.status} and ${answered} answers: ${said.slice(0, 600)}`)
  }
  print(await compare(`facts of ${sessions} nodes`, 0.2, 1, ours, ansible, `ansible -m setup -f ${sessions}`))
}

if (sshdPath === null) console.log('NOT RUN edge/facts: there is no sshd on this machine')
else await benchFacts(process.argv[2] ?? '.')
