import { arrange } from '../../src-renderer/features/topology/layout/arrange.ts'
import { routeEdges } from '../../src-renderer/features/topology/layout/route-edges.ts'
import type { Structure } from '../../src-renderer/features/topology/layout/structure.ts'
import { alongPath, crossings } from './crossings.ts'
import { generateServices } from './generate-services.ts'
import { drawWithDot, hasDot } from './native-dot.ts'
import { heldUp, load, openPage } from './open-page.ts'

/**
 * How long it takes from the graph's arrival in the page to a picture of it, its lines routed; above 2,000 services they are
 * gathered in groups by themselves. Beside Graphviz's `dot` on the flat graph, with the crossings of both as drawn.
 * PILOTHOUSE_BENCH_SERVICES names other sizes, PILOTHOUSE_BENCH_DOT how many seconds dot may take.
 */
const sizes = (process.env['PILOTHOUSE_BENCH_SERVICES'] ?? '500,2000,5000,10000').split(',').map(Number)
const patience = Number(process.env['PILOTHOUSE_BENCH_DOT'] ?? 300)
const folder = process.argv[2] ?? (await import('node:os')).tmpdir()
const dot = hasDot()
if (!dot) console.log('picture: dot NOT RUN, Graphviz is not installed')

for (const size of sizes) {
  await using open = await openPage('picture', folder, size)
  if (!open) break
  const { page, opened } = open
  const picture = await page.evaluate(() => {
    const [entry] = performance.getEntriesByName('topology-picture')
    return { start: entry?.startTime ?? 0, took: entry?.duration ?? 0 }
  })
  // What the picture costs the page after it stands belongs to it.
  await page.waitForTimeout(1000)
  const held = await heldUp(page, picture.start)
  const structure = flat(size)
  const drawn = dot ? drawWithDot(structure, patience) : null
  const against = drawn
    ? `, dot ${drawn.lines ? '' : 'over '}${drawn.milliseconds.toFixed(0)} ms, ratio ${(picture.took / drawn.milliseconds).toFixed(3)} (goal ${size <= 2000 ? 1 : 0.1})`
    : ''
  console.log(
    `picture of ${size} services, ${structure.edges.length} calls: ${picture.took.toFixed(0)} ms from the graph's arrival, ${(opened / 1000).toFixed(1)} s from the address${against}; ` +
      `held up over 50 ms: ${held.length === 0 ? 'never' : `${held.join(', ')} ms`} (goal never), ${load()}`,
  )
  if (size > 2000) continue
  const ours = routeEdges(
    structure.edges.map(edge => ({ ...edge, id: `${edge.from} ${edge.to}` })),
    arrange(structure, null),
  )
  const own = crossings(
    structure.edges.map(({ from, to }) => ({ from, to, points: alongPath(ours.get(`${from} ${to}`)!.path) })),
  )
  console.log(
    `  lines cross ${own} times${drawn?.lines ? `, dot's ${crossings(drawn.lines)} times (goal no more)` : ''}`,
  )
}

/** The structure the page lays out, of the same services. */
function flat(size: number): Structure {
  const services = generateServices(size)
  const place = new Map([...services.map(each => each.name)].sort().map((name, i) => [name, i]))
  return {
    nodes: [...place.keys()],
    edges: services
      .flatMap(({ name, calls }) => calls.map(to => ({ from: name, to, weight: 3 as const })))
      .sort((a, b) => place.get(a.from)! - place.get(b.from)! || place.get(a.to)! - place.get(b.to)!),
  }
}
