import { useCallback } from 'react'
import type { AppError } from '../../../shared/errors.ts'
import { useApi } from '../../connection/api.ts'
import { useNavigation } from '../../connection/navigation.ts'
import { useCommand } from '../../connection/use-command.ts'
import { rememberDirectory } from './known-directories.ts'

export type OpenWorkspace = {
  /** Opens the clone that holds a folder and goes there. False when it failed; `error` then says why. */
  open(directory: string): Promise<boolean>
  readonly running: boolean
  readonly error: AppError | null
  clear(): void
}

export function useOpenWorkspace(): OpenWorkspace {
  const command = useCommand(useApi().workspaces.open)
  const { run } = command
  const open = useCallback(
    async (directory: string) => {
      const opened = await run({ directory })
      if (!opened) return false
      rememberDirectory(opened.workspace, opened.directory)
      useNavigation.getState().setWorkspace(opened.workspace)
      return true
    },
    [run],
  )
  return { open, running: command.running, error: command.error, clear: command.clear }
}
