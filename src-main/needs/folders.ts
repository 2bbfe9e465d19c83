import type { FolderEntry } from '../../shared/host/contract.ts'

/** The few things asked of the file system outside a repository. */
export interface Folders {
  /** Sub-folders by name, without hidden ones. Rejects `not-found` when it cannot be listed. */
  list(directory: string): Promise<{ directory: string; parent: string | null; entries: readonly FolderEntry[] }>
  exists(path: string): Promise<boolean>
}
