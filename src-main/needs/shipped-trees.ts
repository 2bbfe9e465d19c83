/** Decision trees that come with Pilothouse: their names and texts. */
export type ReadShippedTrees = () => Promise<readonly { readonly path: string; readonly text: string }[]>
