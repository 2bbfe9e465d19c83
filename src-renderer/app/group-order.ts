import type { MessageKey } from '../../shared/messages/index.ts'

/** Groups that come after those of the screen, in this order. */
const last: readonly MessageKey[] = [
  'app.groupGo',
  'app.environments',
  'app.groupWorkspace',
  'app.groupEverywhere',
  'app.groupSettings',
]

/** What belongs to the screen comes first, what works everywhere last. */
export const inGroupOrder = <T>(groups: readonly (readonly [MessageKey, T])[]): readonly (readonly [MessageKey, T])[] =>
  [...groups].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b))
