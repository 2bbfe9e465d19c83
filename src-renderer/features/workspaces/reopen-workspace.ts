import { useEffect, useRef, useState } from 'react'
import { useApi } from '../../connection/api.ts'
import { useQuery } from '../../connection/use-query.ts'
import { rememberedDirectory } from './known-directories.ts'
import { useOpenWorkspace } from './open-workspace.ts'

/**
 * Opens a workspace that the address names and the core does not know, from the folder this tab remembers or the one
 * the app was started with. Returns true while that is being tried.
 */
export function useReopenWorkspace(workspace: string, unknown: boolean, retry: () => void): boolean {
  const host = useQuery(useApi().host.describe, {}).value
  const { open } = useOpenWorkspace()
  const tried = useRef(false)
  const [trying, setTrying] = useState(unknown)
  useEffect(() => {
    if (!unknown || !host || tried.current) return
    tried.current = true
    const directory = rememberedDirectory(workspace) ?? host.directory
    if (directory === null) return setTrying(false)
    void open(directory).then(opened => {
      setTrying(false)
      if (opened) retry()
    })
  }, [unknown, host, workspace, open, retry])
  return unknown && trying
}
