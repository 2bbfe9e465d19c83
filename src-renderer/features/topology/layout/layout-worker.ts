import { Graphviz } from '@hpcc-js/wasm-graphviz'
import { dotSource, positionsFromPlain } from './dot-source.ts'
import type { Point } from './measures.ts'
import type { Structure } from './structure.ts'

/** What the page asks of the worker and hears back. */
export type LayoutRequest = { readonly id: number; readonly structure: Structure }
export type LayoutAnswer =
  | { readonly id: number; readonly positions: readonly (readonly [string, Point])[] }
  | { readonly id: number; readonly failure: string }

const graphviz = Graphviz.load()

/** The part of a worker's global scope used here; the DOM's types describe a page. */
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<LayoutRequest>) => void) | null
  postMessage(answer: LayoutAnswer): void
}

scope.onmessage = async ({ data: { id, structure } }) => {
  try {
    const plain = (await graphviz).layout(dotSource(structure), 'plain', 'dot')
    scope.postMessage({ id, positions: [...positionsFromPlain(plain, structure)] })
  } catch (error) {
    scope.postMessage({ id, failure: error instanceof Error ? error.message : String(error) })
  }
}
