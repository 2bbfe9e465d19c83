import type { SourceFiles } from '../../shared/topology/source/read-sources.ts'

/** The files of a folder on this machine, outside any revision. Rejects `not-found` when it cannot be listed. */
export type OpenSourceFolder = (directory: string) => Promise<SourceFiles>
