/**
 * JSON documents, most of them small, in the app's data folder, each replaced in one step (a killed process leaves the old or the
 * new). Another process's change is seen through `watch`.
 */
export interface Documents {
  read(name: string): Promise<unknown | null>
  write(name: string, value: unknown): Promise<void>
  delete(name: string): Promise<void>
  /** The same for bytes that can be worked out again: a cache. */
  readBytes(name: string): Promise<Uint8Array | null>
  writeBytes(name: string, parts: readonly Uint8Array[]): Promise<void>
  /**
   * Keeps a folder of bytes within so many: those that were not asked for longest go, but for the names still needed. It
   * looks again only once a good part of that was written since.
   */
  boundBytes(folder: string, most: number, needed?: ReadonlySet<string>): Promise<void>
  watch(name: string, listener: () => void): () => void
}
