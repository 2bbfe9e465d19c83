/** What needs somebody first; of the like, what fell most often. */
export const worstFirst = (
  a: { readonly rank: number; readonly restarts: number; readonly name: string },
  b: { readonly rank: number; readonly restarts: number; readonly name: string },
): number => b.rank - a.rank || b.restarts - a.restarts || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
