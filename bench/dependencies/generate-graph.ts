/** Numbers that are the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Two graphs as `go mod graph` prints them, of so many edges: every module at several versions, the second with one
 * version in forty raised, so that its edges are others.
 */
export function generateGraphs(edges: number): { readonly before: string; readonly after: string } {
  const next = random(20261120)
  const below = (limit: number): number => Math.floor(next() * limit)
  const modules = Array.from(
    { length: Math.ceil(edges / 12) },
    (_, number) => `example.com/organisation-${number % 97}/module-${number}`,
  )
  const versionOf = (module: number): string => `v1.${(module * 7) % 30}.${below(4)}`
  const raised = new Set(modules.map((_, number) => number).filter(() => next() < 1 / 40))
  const [before, after]: [Set<string>, Set<string>] = [new Set(), new Set()]
  for (const number of modules.keys()) {
    const line = `example.com/app ${modules[number]}@v1.${(number * 7) % 30}.0`
    if (number % 20 === 0) {
      before.add(line)
      after.add(line)
    }
  }
  while (before.size < edges) {
    const [from, to] = [below(modules.length), below(modules.length)]
    const [left, right] = [`${modules[from]}@${versionOf(from)}`, `${modules[to]}@${versionOf(to)}`]
    before.add(`${left} ${right}`)
    after.add(`${raised.has(from) ? `${left}1` : left} ${raised.has(to) ? `${right}1` : right}`)
  }
  // As a tool prints them, no order is promised.
  const shuffled = (lines: Iterable<string>): string =>
    [...lines]
      .map(line => ({ line, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ line }) => `${line}\n`)
      .join('')
  return { before: shuffled(before), after: shuffled(after) }
}
