import { join } from 'node:path'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { createCore } from '../../src-main/core/create-core.ts'

/**
 * What an app that has just started takes, in a process of its own: `node ask-history.ts REPOSITORY DATA QUERY…` opens
 * the clone, asks for each query (JSON) in turn and prints the milliseconds and the number of entries as JSON lines.
 */
const [directory = '', data = '', ...queries] = process.argv.slice(2)
await using core = await createCore(testHost(join(data)))
const [coreSide, ours] = inMemoryChannel()
core.answer(coreSide)
const api = createClient(contract, ours)
const { workspace } = await api.workspaces.open({ directory })
for (const query of queries) {
  const start = performance.now()
  let items = 0
  // A search that looks at commits themselves gives what it has after so many: it is followed to the end.
  let before: string | undefined
  do {
    for await (const page of api.decisions.log({
      workspace,
      limit: 1000,
      ...JSON.parse(query),
      ...(before && { before }),
    })) {
      items += page.items.length
      before = page.items.length < 1000 ? (page.next ?? undefined) : undefined
      break
    }
  } while (before !== undefined)
  console.log(JSON.stringify({ milliseconds: performance.now() - start, items }))
}
console.log(JSON.stringify({ peakMiB: process.resourceUsage().maxRSS / 1024 }))
