import * as z from 'zod/mini'
import type { Observation } from '../../../shared/metrics/observation.ts'
import type { Documents } from '../../needs/documents.ts'
import type { Workspace } from '../workspaces/index.ts'
import type { Source } from './find-sources.ts'
import type { LastAnswer } from './watch-source.ts'

/** Enough to know that this version wrote it; what it holds was checked when it came. */
const Kept = z.object({
  version: z.literal(1),
  observation: z.custom<Observation>(
    value => typeof value === 'object' && value !== null && 'calls' in value && Array.isArray(value.calls),
  ),
})

/** The last answer of a source over a window, on this machine: shown, with its time, until there is a new one. */
export function lastAnswer(documents: Documents, workspace: Workspace, source: Source, window: string): LastAnswer {
  const name = `metrics-answer-${workspace.id}-${source.id}-${window}`
  return {
    async read() {
      const read = Kept.safeParse(await documents.read(name))
      return read.success ? read.data.observation : null
    },
    write: observation => documents.write(name, { version: 1, observation }),
  }
}
