import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { testHost } from '../world/test-host.ts'

/** Publishes COUNT decisions, each pushed: `publish-many.ts CLONE DATA FILE NAME COUNT`. */
const [clone = '', data = '', file = '', name = '', count = '0'] = process.argv.slice(2)
await using core = await createCore(testHost(data))
const [coreSide, ours] = inMemoryChannel()
core.answer(coreSide)
const api = createClient(contract, ours)
const { workspace } = await api.workspaces.open({ directory: clone })
let replayed = 0
for (let i = 0; i < Number(count); i++) {
  const replicas = i + 2
  const outcome = await api.draft.publish({
    workspace,
    changeSetId: null,
    edits: [{ kind: 'set-replicas', resource: { file, kind: 'Deployment', name }, replicas }],
    title: `Scale ${name} to ${replicas}`,
    why: 'One of many.',
    kind: 'scale',
    target: { kind: 'current-branch' },
    push: true,
  })
  if (outcome.kind !== 'published' || outcome.pushed !== 'pushed') throw new Error(JSON.stringify(outcome))
  if (outcome.replayed) replayed++
}
process.stdout.write(`${name}: ${count} decisions, ${replayed} made again on a base that had moved\n`)
