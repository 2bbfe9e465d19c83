import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createSshWorld, sshdPath } from '../../e2e/world/sshd.ts'
import { readEdgeFile } from '../../shared/edge/read-edge.ts'
import { memoryDocuments } from '../../src-main/adapters/app-data/memory-documents.ts'
import { systemArtifacts } from '../../src-main/adapters/artifacts/system-artifacts.ts'
import { memorySecrets } from '../../src-main/adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../src-main/adapters/ssh2/create-ssh.ts'
import { pause } from '../../src-main/adapters/system/system.ts'
import { applyRelease } from '../../src-main/features/fleet/apply-release.ts'
import { prepareRelease } from '../../src-main/features/fleet/prepare-release.ts'
import { installMiniSystemd } from '../../src-main/sandbox/edge/mini-systemd.ts'

const nodes = 20
const size = 50 * 1024 * 1024
const never = new AbortController().signal

/** A file as a compiled program is: it compresses by about half, and has no pattern that repeats. */
function artifact(seed: number): Buffer {
  const head = '#!/bin/sh\nwhile :; do sleep 3600; done\n'
  const bytes = Buffer.alloc(size)
  bytes.write(head)
  let block = createHash('sha512').update(String(seed)).digest()
  for (let at = head.length; at < size; at += 128) {
    block = createHash('sha512').update(block).digest()
    block.copy(bytes, at, 0, Math.min(64, size - at))
  }
  return bytes
}
/** One per cent of it is another, in ten places, one of them longer than before. */
function changed(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  const each = Math.floor(bytes.length / 10)
  for (let part = 0; part < 10; part++) {
    const piece = Buffer.from(bytes.subarray(part * each, (part + 1) * each))
    createHash('sha512')
      .update(`change ${part}`)
      .digest()
      .copy(piece, each >> 1)
    const length = Math.floor(each / 100)
    for (let at = each >> 1; at < (each >> 1) + length; at += 64)
      createHash('sha512').update(`${part} ${at}`).digest().copy(piece, at)
    parts.push(piece, ...(part === 4 ? [Buffer.from('inserted')] : []))
  }
  return Buffer.concat(parts)
}

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

/** A release of 50 MB brought to 20 nodes behind OpenSSH (sent, checked, switched, started, confirmed) beside `scp` alone. */
async function benchDeploy(folder: string): Promise<void> {
  await using world = await createSshWorld()
  const key = await world.key('id')
  const hostKey = await world.key('host', { authorized: false })
  let config = ''
  const names: string[] = []
  const roots: string[] = []
  for (let index = 0; index < nodes; index++) {
    const root = join(folder, `node-${index}`)
    mkdirSync(root, { recursive: true })
    const env = await installMiniSystemd(root)
    const port = await freePort()
    await world.server({
      hostKey,
      config: `Port ${port}\nSetEnv PILOTHOUSE_ROOT=${env.PILOTHOUSE_ROOT} PATH=${env.PATH}\nMaxStartups 500\nSubsystem sftp internal-sftp`,
    })
    names.push(`node-${index}`)
    roots.push(root)
    config += `Host node-${index}\n  HostName 127.0.0.1\n  Port ${port}\n`
  }
  config += `Host *\n  User ${world.user}\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  IdentityAgent none\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  GlobalKnownHostsFile /dev/null\n  LogLevel ERROR\n`
  await world.config(config)
  const file = join(world.home, '.ssh', 'config')
  const build = join(folder, 'build')
  mkdirSync(build, { recursive: true })
  const first = artifact(1)
  const source = join(build, 'program')

  const apply = async (version: number): Promise<{ seconds: number; sent: number }> => {
    const { nodes: declared, services } = readEdgeFile(
      '.pilothouse/edge/a.yaml',
      `${names.map(name => `apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: ${name} }\nspec: { host: ${name} }\n---\n`).join('')}apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeService\nmetadata: { name: program }\nspec: { selector: {}, version: ${version}, artifact: { path: program }, health: { exec: ["true"], stable: 1ms, timeout: 120s } }\n`,
    )
    const started = performance.now()
    const ssh = createSsh({
      prompter: { ask: async () => null },
      secrets: memorySecrets(),
      home: world.home,
      configFiles: [file],
      env: {},
    })
    const prepared = await prepareRelease(services[0]!, build, systemArtifacts(memoryDocuments()), never)
    const outcomes = await Promise.all(
      declared.map(async node => {
        await using connection = await ssh.connect({ host: node.host, user: world.user })
        return await applyRelease(node, services[0]!, { connection, prepared, pause, signal: never })
      }),
    )
    const wrong = outcomes.find(({ kind }) => kind !== 'applied')
    if (wrong) throw new Error(JSON.stringify(wrong))
    return {
      seconds: (performance.now() - started) / 1000,
      sent: outcomes.reduce((sum, outcome) => sum + (outcome.kind === 'applied' ? outcome.sent : 0), 0),
    }
  }
  const scp = async (): Promise<number> => {
    const started = performance.now()
    await Promise.all(
      names.map(
        (name, index) =>
          new Promise<void>((resolve, reject) => {
            const child = spawn('scp', ['-q', '-F', file, source, `${name}:${roots[index]}/copy`], { stdio: 'inherit' })
            child.once('close', code => (code === 0 ? resolve() : reject(new Error(`scp ended with ${code}`))))
          }),
      ),
    )
    return (performance.now() - started) / 1000
  }

  writeFileSync(source, first)
  const theirs = await scp()
  const whole = await apply(1)
  writeFileSync(source, changed(first))
  const again = await apply(2)
  const copied = readFileSync(join(roots[0]!, 'opt/pilothouse/program/current/program'))
  if (!copied.equals(readFileSync(source))) throw new Error('What arrived is another file')
  const percent = (bytes: number) => `${((100 * bytes) / (size * nodes)).toFixed(1)} %`
  console.log(`edge/deploy: ${size / 1024 / 1024} MB to ${nodes} nodes`)
  console.log(`  scp, copying alone        ${theirs.toFixed(1)} s`)
  console.log(
    `  first deploy, running      ${whole.seconds.toFixed(1)} s  (${(whole.seconds / theirs).toFixed(2)} × scp, ${percent(whole.sent)} of the bytes)`,
  )
  console.log(
    `  second, 1 % changed        ${again.seconds.toFixed(1)} s  (${(again.seconds / theirs).toFixed(2)} × scp, ${percent(again.sent)} of the bytes)`,
  )
}

const [, , folder] = process.argv
if (!sshdPath || !folder) console.log('NOT RUN edge/deploy: there is no sshd on this machine')
else
  try {
    await benchDeploy(join(folder, 'deploy'))
  } finally {
    // What was started on the nodes goes with them.
    const end = 'for file in "$0"/node-*/run/systemd/*.pid; do kill -KILL "-$(cat "$file")"; done 2>/dev/null; exit 0'
    spawnSync('/bin/sh', ['-c', end, join(folder, 'deploy')])
  }
