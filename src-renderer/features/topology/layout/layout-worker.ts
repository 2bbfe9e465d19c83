import { arrange, type Dot, needsGraphviz } from './arrange.ts'
import { layered } from './layered/layered.ts'
import { type PackedStructure, packPositions, unpackStructure } from './structure-message.ts'

/** What the page asks of the worker and hears back. */
export type LayoutRequest = { readonly id: number; readonly structure: PackedStructure }
export type LayoutAnswer =
  | { readonly id: number; readonly positions: Float64Array<ArrayBuffer> }
  | { readonly id: number; readonly failure: string }

let graphviz: Promise<Dot> | null = null
/** Apart from the rest, which is there long before it: large graphs do without. */
const loadGraphviz = (): Promise<Dot> => {
  graphviz ??= import('@hpcc-js/wasm-graphviz')
    .then(({ Graphviz }) => Graphviz.load())
    .then(loaded => source => loaded.layout(source, 'plain', 'dot'))
  return graphviz
}

/** The part of a worker's global scope used here; the DOM's types describe a page. */
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<LayoutRequest>) => void) | null
  postMessage(answer: LayoutAnswer, transfer?: Transferable[]): void
}

scope.onmessage = async ({ data: { id, structure: packed } }) => {
  clearTimeout(waiting)
  try {
    const structure = unpackStructure(packed)
    const positions = packPositions(
      packed.nodes,
      arrange(structure, needsGraphviz(structure) ? await loadGraphviz() : null),
    )
    scope.postMessage({ id, positions }, [positions.buffer])
  } catch (error) {
    scope.postMessage({ id, failure: error instanceof Error ? error.message : String(error) })
  }
}

// The worker starts while the graph is still being read: code that ran often runs faster when it counts. A turn at a
// time, so that it is not in the way of a graph that comes soon.
const names = Array.from({ length: 120 }, (_, i) => `s${i}`)
function warmUp(turns: number): void {
  layered({
    nodes: names,
    edges: names.flatMap((from, i) => [
      { from, to: names[(i * 2 + 1) % 120]!, weight: 3 as const },
      { from, to: names[(i * 7 + 11) % 120]!, weight: 3 as const },
    ]),
  })
  if (turns > 1) waiting = setTimeout(warmUp, 0, turns - 1)
}
let waiting: ReturnType<typeof setTimeout> | undefined
warmUp(8)
