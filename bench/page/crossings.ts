export type XY = { readonly x: number; readonly y: number }
/** A line of a drawing, as the points it goes through. */
export type DrawnLine = { readonly from: string; readonly to: string; readonly points: readonly XY[] }

type Segment = { readonly line: number; readonly a: XY; readonly b: XY; readonly left: number; readonly right: number }

/** How often lines cross that share no end. Where two lines run on top of each other is no crossing. */
export function crossings(lines: readonly DrawnLine[]): number {
  const segments: Segment[] = []
  for (const [line, { points }] of lines.entries())
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i]!, points[i + 1]!]
      segments.push({ line, a, b, left: Math.min(a.x, b.x), right: Math.max(a.x, b.x) })
    }
  segments.sort((a, b) => a.left - b.left)
  let count = 0
  for (const [i, s] of segments.entries())
    for (let j = i + 1; j < segments.length && segments[j]!.left <= s.right; j++) {
      const t = segments[j]!
      if (s.line === t.line || !cross(s, t)) continue
      const [p, q] = [lines[s.line]!, lines[t.line]!]
      if (p.from !== q.from && p.to !== q.to && p.from !== q.to && p.to !== q.from) count++
    }
  return count
}

const side = (a: XY, b: XY, c: XY): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x))
const cross = ({ a, b }: Segment, { a: c, b: d }: Segment): boolean =>
  side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0

const steps = 12
/** Points along a Bézier spline given by its control points: first, then three for each piece. */
export function alongSpline(control: readonly XY[]): readonly XY[] {
  const points: XY[] = control.slice(0, 1)
  for (let i = 0; i + 3 < control.length; i += 3) {
    const [p, q, r, s] = control.slice(i, i + 4) as [XY, XY, XY, XY]
    for (let k = 1; k <= steps; k++) {
      const t = k / steps
      const u = 1 - t
      const at = (a: number, b: number, c: number, d: number) =>
        u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
      points.push({ x: at(p.x, q.x, r.x, s.x), y: at(p.y, q.y, r.y, s.y) })
    }
  }
  return points
}

/** Points along path data of M, C and H only. */
export function alongPath(path: string): readonly XY[] {
  const points: XY[] = []
  for (const [, command, rest = ''] of path.matchAll(/([MCH])([^MCH]*)/g)) {
    const numbers = rest.trim().split(/[ ,]+/).map(Number)
    const last = points.at(-1)
    if (command === 'H') points.push({ x: numbers[0]!, y: last!.y })
    else {
      const given = Array.from({ length: numbers.length / 2 }, (_, i) => ({
        x: numbers[2 * i]!,
        y: numbers[2 * i + 1]!,
      }))
      points.push(...(command === 'M' ? given : alongSpline([last!, ...given]).slice(1)))
    }
  }
  return points
}
