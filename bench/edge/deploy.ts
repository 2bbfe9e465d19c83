import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sshdPath } from '../../e2e/world/sshd.ts'
import { readEdgeFile } from '../../shared/edge/read-edge.ts'
import { memoryDocuments } from '../../src-main/adapters/app-data/memory-documents.ts'
import { systemArtifacts } from '../../src-main/adapters/artifacts/system-artifacts.ts'
import { pause } from '../../src-main/adapters/system/system.ts'
import { type ApplyStep, applyRelease } from '../../src-main/features/fleet/apply-release.ts'
import { prepareRelease } from '../../src-main/features/fleet/prepare-release.ts'
import { installMiniSystemd, ownNode } from '../../src-main/sandbox/edge/mini-systemd.ts'
import { median } from '../git/compare.ts'
import { load } from '../load.ts'
import { openSshNodes } from './open-ssh-nodes.ts'

/** Nodes (a second argument says how many); this one machine plays them all. */
const count = Number(process.argv[3] ?? 20)
const size = 50 * 1024 * 1024
const rounds = 3
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

/** Seconds from the first word to the last node, bytes on the line, and seconds of each step on the median node. */
type Applied = { readonly seconds: number; readonly sent: number; readonly steps: readonly string[] }

/** A release of 50 MB brought to 20 nodes behind OpenSSH (sent, checked, switched, started, confirmed) beside `scp` alone. */
async function benchDeploy(folder: string): Promise<void> {
  const root = (name: string) => join(folder, name)
  // What is started on the nodes ends with this process, however that ends.
  await using owned = new AsyncDisposableStack()
  await using nodes = await openSshNodes(count, folder, async root => {
    const environment = await installMiniSystemd(root)
    owned.use(await ownNode(root))
    return environment
  })
  const build = join(folder, 'build')
  mkdirSync(build, { recursive: true })
  const source = join(build, 'program')

  const apply = async (service: string, version: number): Promise<Applied> => {
    const { nodes: declared, services } = readEdgeFile(
      '.pilothouse/edge/a.yaml',
      `${nodes.names.map(name => `apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: ${name} }\nspec: { host: ${name} }\n---\n`).join('')}apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeService\nmetadata: { name: ${service} }\nspec: { selector: {}, version: ${version}, artifact: { path: program }, health: { exec: ["true"], stable: 1ms, timeout: 120s } }\n`,
    )
    const started = performance.now()
    const ssh = nodes.ssh()
    const preparing = prepareRelease(services[0]!, build, systemArtifacts(memoryDocuments()), never)
    const took = new Map<string, number[]>()
    const outcomes = await Promise.all(
      declared.map(async node => {
        let [step, since]: [ApplyStep | 'connecting', number] = ['connecting', performance.now()]
        const next = (to: ApplyStep): void => {
          if (to === step) return
          took.set(step, [...(took.get(step) ?? []), performance.now() - since])
          step = to
          since = performance.now()
        }
        await using connection = await ssh.connect({ host: node.host, user: nodes.user })
        const outcome = await applyRelease(node, services[0]!, {
          connection,
          prepared: await preparing,
          pause,
          signal: never,
          progress: next,
        })
        next('looking')
        return outcome
      }),
    )
    const seconds = (performance.now() - started) / 1000
    const wrong = outcomes.find(({ kind }) => kind !== 'applied')
    if (wrong) throw new Error(JSON.stringify(wrong))
    return {
      seconds,
      sent: outcomes.reduce((sum, outcome) => sum + (outcome.kind === 'applied' ? outcome.sent : 0), 0),
      steps: [...took].map(([name, each]) => `${name} ${(median(each) / 1000).toFixed(2)}`),
    }
  }
  const scp = async (): Promise<number> => {
    const started = performance.now()
    await Promise.all(
      nodes.names.map(
        name =>
          new Promise<void>((resolve, reject) => {
            const to = `${name}:${root(name)}/copy`
            const child = spawn('scp', ['-q', '-F', nodes.file, source, to], { stdio: 'inherit' })
            child.once('close', code => (code === 0 ? resolve() : reject(new Error(`scp ended with ${code}`))))
          }),
      ),
    )
    const seconds = (performance.now() - started) / 1000
    for (const name of nodes.names) rmSync(join(root(name), 'copy'))
    return seconds
  }

  const first = artifact(1)
  writeFileSync(source, first)
  const before = load()
  const measured: { theirs: number; whole: Applied }[] = []
  for (let round = 0; round < rounds; round++) {
    // What a round has written is on the disk before the next one begins; each side goes first in its turn.
    spawnSync('sync')
    const early = round % 2 === 0 ? await scp() : null
    const whole = await apply(`program-${round}`, 1)
    if (round < rounds - 1) {
      endUnit(folder, `pilothouse-program-${round}.service`)
      for (const name of nodes.names) rmSync(join(root(name), `opt/pilothouse/program-${round}`), { recursive: true })
    }
    spawnSync('sync')
    measured.push({ theirs: early ?? (await scp()), whole })
  }
  const last = `program-${rounds - 1}`
  writeFileSync(source, changed(first))
  const again = await apply(last, 2)
  const copied = readFileSync(join(root(nodes.names[0]!), `opt/pilothouse/${last}/current/program`))
  if (!copied.equals(readFileSync(source))) throw new Error('What arrived is another file')

  const percent = (bytes: number) => `${((100 * bytes) / (size * count)).toFixed(1)} % of the bytes`
  const byRatio = measured.toSorted((a, b) => a.whole.seconds / a.theirs - b.whole.seconds / b.theirs)
  const { theirs, whole } = byRatio[rounds >> 1]!
  const ratios = byRatio.map(each => (each.whole.seconds / each.theirs).toFixed(2))
  console.log(
    `edge/deploy: ${size / 1024 / 1024} MB to ${count} nodes on this machine, ${before} before, ${load()} after`,
  )
  console.log(`  scp, copying alone      ${theirs.toFixed(2)} s`)
  console.log(
    `  first deploy, running   ${whole.seconds.toFixed(2)} s, ${(whole.seconds / theirs).toFixed(2)} × scp (goal 1.2; ${ratios.join(', ')}), ${percent(whole.sent)}`,
  )
  console.log(`    of it, s on the median node: ${whole.steps.join(', ')}`)
  console.log(
    `  second, 1 % changed     ${again.seconds.toFixed(2)} s, ${(again.seconds / theirs).toFixed(2)} × scp, ${percent(again.sent)} (goal 10 %)`,
  )
  console.log(`    of it, s on the median node: ${again.steps.join(', ')}`)
}

function endUnit(folder: string, unit: string): void {
  const end = 'for file in "$0"/node-*/run/systemd/"$1".pid; do kill -KILL "-$(cat "$file")"; done 2>/dev/null; exit 0'
  spawnSync('/bin/sh', ['-c', end, folder, unit])
}

const [, , folder] = process.argv
if (!sshdPath || !folder) console.log('NOT RUN edge/deploy: there is no sshd on this machine')
else await benchDeploy(join(folder, 'deploy'))
