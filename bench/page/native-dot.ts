import { spawnSync } from 'node:child_process'
import { columnGap, nodeHeight, nodeWidth, rowGap } from '../../src-renderer/features/topology/layout/measures.ts'
import type { Structure } from '../../src-renderer/features/topology/layout/structure.ts'
import { alongSpline, type DrawnLine } from './crossings.ts'

export const hasDot = (): boolean => spawnSync('dot', ['-V']).status === 0

export type DotDrawing = {
  readonly milliseconds: number
  /** Null when it was stopped at the limit. */
  readonly lines: readonly DrawnLine[] | null
}

/** Draws the flat graph with Graphviz's own program and its own settings: nodes as large as ours, left to right. */
export function drawWithDot({ nodes, edges }: Structure, seconds: number): DotDrawing {
  const inches = (pixels: number) => (pixels / 72).toFixed(4)
  const source = [
    `digraph{graph[rankdir=LR nodesep=${inches(rowGap)} ranksep=${inches(columnGap)}]`,
    `node[shape=box fixedsize=true width=${inches(nodeWidth)} height=${inches(nodeHeight)}]`,
    ...nodes.map(id => `"${id}"`),
    ...edges.map(({ from, to }) => `"${from}"->"${to}"`),
    '}',
  ].join('\n')
  const start = performance.now()
  const { stdout, status } = spawnSync('dot', ['-Tplain'], {
    input: source,
    encoding: 'utf8',
    timeout: seconds * 1000,
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const milliseconds = performance.now() - start
  if (status !== 0) return { milliseconds, lines: null }
  const lines = stdout.split('\n').flatMap((line): DrawnLine[] => {
    const [what, from = '', to = '', count = '0', ...numbers] = line.split(' ')
    if (what !== 'edge') return []
    const control = Array.from({ length: Number(count) }, (_, i) => ({
      x: Number(numbers[2 * i]),
      y: Number(numbers[2 * i + 1]),
    }))
    return [{ from: from.replaceAll('"', ''), to: to.replaceAll('"', ''), points: alongSpline(control) }]
  })
  return { milliseconds, lines }
}
