import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { testHost } from './test-host.ts'

// Run by core-leaves-nothing.test.ts in a process of its own, where nobody else opens anything.
const [clone = '', data = ''] = process.argv.slice(2)

/** Resources that keep the process alive, and what Linux knows of the others: files and watched folders. */
function open() {
  const resources = process.getActiveResourcesInfo().sort()
  if (process.platform !== 'linux') return { resources, watches: 0, files: [] }
  let watches = 0
  const files: string[] = []
  for (const number of readdirSync('/proc/self/fd')) {
    const target = targetOf(number)
    if (target === 'anon_inode:inotify')
      watches += readFileSync(`/proc/self/fdinfo/${number}`, 'utf8').match(/^inotify wd:/gm)?.length ?? 0
    else if (target?.startsWith('/') && !target.startsWith('/proc/') && !target.startsWith('/dev/')) files.push(target)
  }
  return { resources, watches, files: files.sort() }
}

/** Null for the descriptor that listed the folder, which is closed by now. */
function targetOf(number: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${number}`)
  } catch {
    // Closed meanwhile, so nothing is open there.
    return null
  }
}

// The standard streams are opened when they are first looked at.
void [process.stdin, process.stdout, process.stderr]
const before = open()
const core = await createCore(testHost(data))
const [coreSide, ours] = inMemoryChannel()
core.answer(coreSide)
const api = createClient(contract, ours)
const { workspace } = await api.workspaces.open({ directory: clone })

/** A view that stays open: resolves with its snapshot, and is never left by the page. */
async function live(stream: AsyncIterable<unknown>): Promise<void> {
  const { done } = await stream[Symbol.asyncIterator]().next()
  if (done) throw new Error('a live view ended at once')
}
await api.draft.edit({
  workspace,
  edits: [
    {
      kind: 'set-replicas',
      resource: { file: 'manifests/svc-0.yaml', kind: 'Deployment', name: 'svc-0' },
      replicas: 4,
    },
  ],
})
await Promise.all([
  live(api.workspaces.recent({})),
  live(api.workspaces.status({ workspace })),
  live(api.topology.graph({ workspace, environment: 'manifests' })),
  live(api.draft.view({ workspace })),
  live(api.decisions.log({ workspace, limit: 10 })),
  live(api.host.settings({})),
  live(api.host.questions({})),
])
const outcome = await api.workspaces.fetch({ workspace })
if (outcome.kind !== 'known') throw new Error(`the remote could not be fetched: ${JSON.stringify(outcome)}`)
const busy = open()
await core[Symbol.asyncDispose]()
// Handles are closed in the turn after they were told to.
await setTimeout(50)
process.stdout.write(JSON.stringify({ before, busy, after: open() }))
