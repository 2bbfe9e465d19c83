import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { testHost } from '../world/test-host.ts'

/**
 * A process that edits and publishes until it is killed: `publish-child.ts CLONE DATA FILE NAME [push]`. It prints
 * `ready` when the first publish is about to begin and `done N` after each.
 */
const [clone = '', data = '', file = '', name = '', push] = process.argv.slice(2)
const core = await createCore(testHost(data))
const [coreSide, ours] = inMemoryChannel()
core.answer(coreSide)
const api = createClient(contract, ours)
const { workspace } = await api.workspaces.open({ directory: clone })

async function draftNow(): Promise<{ edits: number; changeSetId: string | null }> {
  for await (const view of api.draft.view({ workspace }))
    return { edits: view.edits.length, changeSetId: view.changeSetId }
  throw new Error('no draft')
}

let replicas = Date.now() % 1000
for (let round = 0; ; round++) {
  const left = await draftNow()
  if (left.changeSetId === null) {
    if (left.edits > 0) await api.draft.discard({ workspace })
    const edit: Edit = { kind: 'set-replicas', resource: { file, kind: 'Deployment', name }, replicas: ++replicas }
    await api.draft.edit({ workspace, edits: [edit] })
  }
  const { changeSetId } = await draftNow()
  if (round === 0) process.stdout.write('ready\n')
  const outcome = await api.draft.publish({
    workspace,
    changeSetId,
    title: `Scale ${name} to ${replicas}`,
    why: 'To see whether a power cut is survived.',
    kind: 'scale',
    target: { kind: 'current-branch' },
    push: push === 'push',
  })
  process.stdout.write(`${outcome.kind} ${round}\n`)
}
