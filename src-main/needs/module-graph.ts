/** A module as its files say it is. */
export type GoModule = { readonly mod: string; readonly sum: string | null }

/**
 * What `go mod graph` prints for a module, from what this machine has already: nothing is downloaded. Null where Go or
 * a module it needs is not here, or it takes too long. Rejects `cancelled` when the signal is aborted.
 */
export type ReadModuleGraph = (module: GoModule, signal: AbortSignal) => Promise<string | null>
