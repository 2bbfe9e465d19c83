import { useEffect, useRef } from 'react'
import { pickDefaultEnvironment } from '../../shared/environments/pick-default-environment.ts'
import type { Environment } from '../../shared/topology/topology.ts'
import type { WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { useApi } from '../connection/api.ts'
import { useNavigation } from '../connection/navigation.ts'
import { type Asked, useQuery } from '../connection/use-query.ts'

/** The environments at what is looked at, and the choice of one where none is chosen yet. */
export function useEnvironments(workspace: string, status: WorkspaceStatus | null): Asked<readonly Environment[]> {
  const api = useApi()
  const revision = useNavigation(place => place.revision)
  const environment = useNavigation(place => place.environment)
  // The branch's commit is part of the question, so that a commit asks again.
  const at = revision ?? status?.head ?? null
  const asked = useQuery(
    api.workspaces.environments,
    { workspace, ...(at === null ? {} : { revision: at }) },
    { skip: status === null },
  )
  const last = useRef<readonly Environment[] | null>(null)
  if (asked.value) last.current = asked.value

  const { value } = asked
  useEffect(() => {
    if (!value || environment !== null) return
    const first = pickDefaultEnvironment(value)
    if (first) useNavigation.getState().setEnvironment(first.id)
  }, [value, environment])
  // While it is asked again the old ones stay, so that the header does not flicker at every commit.
  return asked.status === 'loading' && last.current ? { ...asked, status: 'ready', value: last.current } : asked
}
