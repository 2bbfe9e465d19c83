import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EdgeNode, EdgeService } from '../../shared/edge/read-edge.ts'
import { AppError } from '../../shared/errors.ts'
import { type AppliedNode, beginRollout, type Rollout } from '../../shared/fleet/rollout.ts'
import { fileDocuments } from '../../src-main/adapters/app-data/file-documents.ts'
import { keptFleet } from '../../src-main/features/fleet/kept-fleet.ts'
import { runRollouts } from '../../src-main/features/fleet/run-rollouts.ts'

/** What a simulated node does: answers nobody, takes long, or does not become healthy on the new release. */
export const faultOf = (index: number): 'dead' | 'slow' | 'failing' | null =>
  index % 10 === 3 ? 'dead' : index % 20 === 7 ? 'slow' : index % 32 === 14 ? 'failing' : null

export const nodes: readonly EdgeNode[] = Array.from({ length: 200 }, (_, index) => ({
  name: `node-${String(index).padStart(3, '0')}`,
  host: `node-${index}`,
  labels: { ring: index < 10 ? 'canary' : 'wide' },
  file: '',
  line: 1,
}))

export const serviceWith = (failures: number): EdgeService => ({
  name: 'motion',
  labels: {},
  file: '',
  line: 1,
  version: '2',
  artifact: { path: 'motion' },
  selector: {},
  rollout: {
    rings: [{ matchLabels: { ring: 'canary' } }, { share: 30 }, { share: 100 }],
    maxUnavailable: 12,
    stopOn: { failures },
  },
})

/**
 * One run of the app over the simulated fleet: goes on with what a run before it left, until the rollout has ended.
 * Nodes keep what was applied to them in a file, one line an apply, as real ones keep their releases.
 */
export async function runApp(folder: string, failures: number, signal: AbortSignal): Promise<Rollout> {
  const documents = fileDocuments(join(folder, 'app'))
  const store = keptFleet(documents, 'w')
  const journal = join(folder, 'nodes.log')
  const appliedTo = new Set(existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : [])
  await store.change(kept => ({
    ...kept,
    rollouts:
      kept.rollouts.length > 0
        ? kept.rollouts
        : [beginRollout(serviceWith(failures), nodes, { id: 'r', revision: 'c', declaration: 'd', now: Date.now() })],
  }))
  let busy = 0
  const done = Promise.withResolvers<Rollout>()
  const look = async () => {
    const [rollout] = (await store.read()).rollouts
    if (rollout?.end) done.resolve(rollout)
  }
  await using _ = runRollouts({
    store,
    now: Date.now,
    pause: (milliseconds, own) => sleep(milliseconds, undefined, { signal: own }),
    id: `app ${process.pid}`,
    lease: 300,
    changed: () => void look(),
    report: done.reject,
    retryMissed: null,
    async apply(_rollout, name): Promise<AppliedNode> {
      const fault = faultOf(Number(name.slice(5)))
      busy += 1
      if (busy > 12) done.reject(new Error(`${busy} nodes were changed at once`))
      try {
        await sleep(fault === 'slow' ? 20 : 2)
        if (fault === 'dead') throw new AppError('unreachable', 'transport.connectionLost', { host: name })
        if (fault === 'failing')
          return { kind: 'reverted', digest: '2', before: '1', reason: { key: 'fleet.whyExit' }, journal: ['no'] }
        if (appliedTo.has(name)) return { kind: 'unchanged', digest: '2' }
        appliedTo.add(name)
        appendFileSync(journal, `${name}\n`)
        return { kind: 'applied', digest: '2', before: '1', sent: 1, packed: 1, size: 1 }
      } finally {
        busy -= 1
      }
    },
  })
  signal.addEventListener('abort', () => done.reject(signal.reason), { once: true })
  await look()
  return await done.promise
}

// A run of its own, to be killed: `node simulated-fleet.ts FOLDER FAILURES`.
if (process.argv[1] === import.meta.filename) {
  const [, , folder = '', failures = '1'] = process.argv
  await runApp(folder, Number(failures), new AbortController().signal)
  process.exit(0)
}
