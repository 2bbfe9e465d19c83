import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sshdPath } from '../../e2e/world/sshd.ts'
import { factsScript } from '../../shared/edge/facts/facts-script.ts'
import { poolSsh } from '../../src-main/adapters/ssh2/pool-ssh.ts'
import { systemClock } from '../../src-main/adapters/system/system.ts'
import { askFacts, newNonce } from '../../src-main/features/edge/ask-facts.ts'
import { compare, print } from '../git/compare.ts'
import { load } from '../load.ts'
import { openSshNodes } from './open-ssh-nodes.ts'

/** Nodes (a second argument says how many), and how many ansible asks at once (a third one). */
const count = Number(process.argv[3] ?? 100)
const forks = process.argv[4] ?? String(count)
const { signal } = new AbortController()

/** Facts of 100 nodes on loopback, connections included, against as many `ssh` at once and against `ansible -m setup`. */
async function benchFacts(folder: string): Promise<void> {
  await using nodes = await openSshNodes(count, join(folder, 'nodes'))
  const script = factsScript(newNonce(systemClock), { privilege: false })

  const ours = async (): Promise<void> => {
    await using pool = poolSsh(nodes.ssh(), { now: systemClock.now })
    const facts = await Promise.all(
      nodes.names.map(async host => {
        await using connection = await pool.connect({ host, user: nodes.user }, signal)
        return await askFacts(connection, { privilege: false, timeout: 120_000 }, systemClock, signal)
      }),
    )
    if (facts.some(({ complete }) => !complete)) throw new Error('Facts are missing')
  }
  const parallelSsh = async (): Promise<void> => {
    await Promise.all(
      nodes.names.map(
        name =>
          new Promise<void>((resolve, reject) => {
            const child = spawn('ssh', ['-F', nodes.file, name, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] })
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
  const name = `facts of ${count} nodes`
  print(await compare(name, 1.3, 3, ours, parallelSsh, 'as many ssh at once'))

  if (spawnSync('ansible', ['--version']).status !== 0) {
    console.log('NOT RUN: against ansible -m setup, which is not installed (Debian: ansible-core)')
    return
  }
  const home = join(folder, 'ansible')
  mkdirSync(home, { recursive: true })
  const inventory = join(home, 'inventory')
  writeFileSync(inventory, `${nodes.names.join('\n')}\n`)
  const ansible = () => {
    // To files: a connection that is kept holds a pipe open long after the end.
    const out = join(home, 'out')
    const ran = spawnSync('ansible', ['all', '-i', inventory, '-m', 'setup', '-f', forks], {
      stdio: ['ignore', openSync(out, 'w'), openSync(join(home, 'errors'), 'w')],
      env: {
        ...process.env,
        HOME: home,
        // As ansible has it by default, beside the configuration.
        ANSIBLE_SSH_ARGS: `-C -o ControlMaster=auto -o ControlPersist=60s -F ${nodes.file}`,
        // Where a hundred programs in Python share one machine, ten seconds to sign in are few: none is to be left out.
        ANSIBLE_TIMEOUT: '300',
        ANSIBLE_HOST_KEY_CHECKING: 'False',
        ANSIBLE_LOCAL_TEMP: join(home, 'local'),
        ANSIBLE_REMOTE_TEMP: join(home, 'remote'),
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_SSH_TRANSFER_METHOD: 'piped',
      },
    })
    const said = readFileSync(out, 'utf8')
    const answered = said.match(/^node-\d+ \| SUCCESS/gm)?.length ?? 0
    if (answered !== count)
      throw new Error(`ansible ended with ${ran.status} and ${answered} answers: ${said.slice(0, 600)}`)
  }
  const before = load()
  const beside = await compare(name, 0.2, 1, ours, ansible, `ansible -m setup -f ${forks}`)
  print(beside)
  console.log(`  ${(1 / beside.ratio).toFixed(1)} times as fast as ansible (goal 5), ${before} before`)
}

if (sshdPath === null) console.log('NOT RUN edge/facts: there is no sshd on this machine')
else await benchFacts(process.argv[2] ?? '.')
