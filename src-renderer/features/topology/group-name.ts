import { useCallback } from 'react'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Grouping } from '../../../shared/topology/group-nodes.ts'
import { useText } from '../../design/index.ts'
import type { DrawnGroup } from './model/group-graph.ts'

export const groupingWords: Readonly<Record<Grouping, MessageKey>> = {
  namespace: 'scale.byNamespace',
  owner: 'scale.byOwner',
  system: 'scale.bySystem',
  component: 'scale.byComponent',
  site: 'scale.bySite',
  folder: 'scale.byFolder',
}

const without: Readonly<Record<Grouping, MessageKey>> = {
  namespace: 'scale.noNamespace',
  owner: 'scale.noOwner',
  system: 'scale.noSystem',
  component: 'scale.noComponent',
  site: 'scale.noSite',
  folder: 'scale.noFolder',
}

/** What a group is called: its key, in words where it has none. */
export function useGroupName(): (group: Pick<DrawnGroup, 'by' | 'key' | 'nodes'>) => string {
  const text = useText()
  return useCallback(
    ({ by, key, nodes }) =>
      key === ''
        ? text(without[by])
        : by === 'component'
          ? text('scale.circleOf', { name: key, count: nodes.length - 1 })
          : key,
    [text],
  )
}
