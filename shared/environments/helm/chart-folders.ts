/** Parts of a chart's folder that hold no objects or values of their own. */
const inner = new Set(['templates', 'charts', 'crds', 'ci'])

/** Says of a path whether it lies in what a chart is made of, given the folders of all charts (`.` for the root). */
export function partOfChart(folders: readonly string[]): (path: string) => boolean {
  const charts = new Set(folders)
  return path => {
    for (let start = 0; start >= 0; ) {
      const end = path.indexOf('/', start)
      if (end < 0) return false
      if (inner.has(path.slice(start, end)) && charts.has(start === 0 ? '.' : path.slice(0, start - 1))) return true
      start = end + 1
    }
    return false
  }
}
