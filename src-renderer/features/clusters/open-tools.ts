import { create } from 'zustand'

/** What is open at the bottom: the words of Pods, a terminal in one, an object as it is. */
export type Tool = {
  /** Without spaces: the page's elements are named by it. */
  readonly id: string
  readonly context: string
  readonly namespace: string
  readonly title: string
  readonly sandbox: boolean
} & (
  | { readonly kind: 'logs'; readonly pods: readonly { readonly name: string; readonly container?: string }[] }
  | {
      readonly kind: 'terminal'
      readonly pod: string
      readonly containers: readonly string[]
    }
  | { readonly kind: 'describe'; readonly group: string; readonly objectKind: string; readonly name: string }
)

type OpenTools = {
  readonly tools: readonly Tool[]
  readonly current: string | null
  /** Shows a tool; one that is open already is not opened twice. */
  open(tool: Tool): void
  show(id: string): void
  close(id: string): void
  closeAll(): void
}

/** They stay over a change of screen: logs go on while the graph is looked at. */
export const useOpenTools = create<OpenTools>()(set => ({
  tools: [],
  current: null,
  open: tool =>
    set(was => ({
      tools: was.tools.some(({ id }) => id === tool.id) ? was.tools : [...was.tools, tool],
      current: tool.id,
    })),
  show: current => set({ current }),
  close: id =>
    set(was => {
      const at = was.tools.findIndex(tool => tool.id === id)
      const tools = was.tools.filter(tool => tool.id !== id)
      const next = was.current === id ? (tools[Math.min(at, tools.length - 1)]?.id ?? null) : was.current
      return { tools, current: next }
    }),
  closeAll: () => set({ tools: [], current: null }),
}))

/** Names a tool by what it is of. */
export const toolId = (...parts: readonly string[]): string => parts.join('|').replaceAll(/\s/g, '_')
