import { channelConformance } from './channel.conformance.ts'
import { inMemoryChannel } from './in-memory-channel.ts'

channelConformance('in memory', () => {
  const [core, page] = inMemoryChannel()
  return { core, page, dispose() {} }
})
