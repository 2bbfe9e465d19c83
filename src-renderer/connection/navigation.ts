import { create } from 'zustand'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'

export const screens = [
  'topology',
  'decisions',
  'dependencies',
  'compare',
  'rollouts',
  'clusters',
  'edge',
  'rules',
  'health',
  'settings',
] as const
export type Screen = (typeof screens)[number]

export type Selection =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'edge'; readonly from: string; readonly to: string; readonly protocol: string }
  | { readonly kind: 'decision'; readonly id: string }

/** The two points that are compared, as `shared/compare/point.ts` reads them. */
export type Compared = { readonly a: string; readonly b: string }

/** Where this window is. It is kept in the address, so reload, back and forward work. */
export type Place = {
  readonly workspace: WorkspaceId | null
  readonly environment: string | null
  /** Any revision Git resolves; null means now, where the branch is and the draft lives. */
  readonly revision: string | null
  readonly screen: Screen
  readonly selection: Selection | null
  readonly compared: Compared | null
}

export type Navigation = Place & {
  /** Another workspace starts afresh: no environment, revision or selection of the old one. */
  setWorkspace(workspace: WorkspaceId | null): void
  setEnvironment(environment: string | null): void
  setRevision(revision: string | null): void
  setScreen(screen: Screen): void
  setSelection(selection: Selection | null): void
  /** Several at once, as one step of back and forward: a decision's graph, a service in another environment. */
  go(place: Partial<Place>): void
}

const start: Place = {
  workspace: null,
  environment: null,
  revision: null,
  screen: 'topology',
  selection: null,
  compared: null,
}

/** The state of the window, for components: `const screen = useNavigation(place => place.screen)`. */
export const useNavigation = create<Navigation>()(set => ({
  ...start,
  ...(typeof window === 'undefined' ? {} : placeOf(window.location.hash)),
  setWorkspace: workspace => set(was => (was.workspace === workspace ? was : { ...start, workspace })),
  setEnvironment: environment => set({ environment, selection: null }),
  setRevision: revision => set({ revision }),
  setScreen: screen => set({ screen }),
  setSelection: selection => set({ selection }),
  go: place => set(place),
}))

/** `#/<workspace>/<screen>?environment=…&revision=…&node=…` */
export function addressOf(place: Place): string {
  const query = new URLSearchParams()
  if (place.environment !== null) query.set('environment', place.environment)
  if (place.revision !== null) query.set('revision', place.revision)
  const { selection } = place
  if (selection?.kind === 'node') query.set('node', selection.id)
  if (selection?.kind === 'edge') {
    query.set('from', selection.from)
    query.set('to', selection.to)
    query.set('protocol', selection.protocol)
  }
  if (selection?.kind === 'decision') query.set('decision', selection.id)
  if (place.compared) {
    query.set('a', place.compared.a)
    query.set('b', place.compared.b)
  }
  const text = query.toString()
  return `#/${place.workspace ?? '-'}/${place.screen}${text ? `?${text}` : ''}`
}

/** The reverse of `addressOf`; what cannot be read falls back to the start. */
export function placeOf(address: string): Place {
  const [path = '', text = ''] = address.replace(/^#\/?/, '').split('?', 2)
  const [workspace = '', screen = ''] = path.split('/')
  const query = new URLSearchParams(text)
  const [node, from, to, decision, a, b] = ['node', 'from', 'to', 'decision', 'a', 'b'].map(name => query.get(name))
  let selection: Selection | null = null
  if (node) selection = { kind: 'node', id: node }
  else if (from && to) selection = { kind: 'edge', from, to, protocol: query.get('protocol') ?? '' }
  else if (decision) selection = { kind: 'decision', id: decision }
  return {
    workspace: /^[0-9a-f]{16}$/.test(workspace) ? workspace : null,
    screen: screens.find(known => known === screen) ?? start.screen,
    environment: query.get('environment'),
    revision: query.get('revision'),
    selection,
    compared: a && b ? { a, b } : null,
  }
}

/** Keeps the address and the store in step. Returns the end of it. */
export function followAddress(): () => void {
  let fromAddress = false
  const leave = useNavigation.subscribe((place, was) => {
    const next = addressOf(place)
    if (fromAddress || next === window.location.hash) return
    // A selection is looked at in passing: it should not take a step of "back" each.
    const passing = place.workspace === was.workspace && place.screen === was.screen && place.revision === was.revision
    if (passing) window.history.replaceState(null, '', next)
    else window.history.pushState(null, '', next)
  })
  const read = () => {
    fromAddress = true
    useNavigation.setState(placeOf(window.location.hash))
    fromAddress = false
  }
  window.addEventListener('popstate', read)
  window.addEventListener('hashchange', read)
  return () => {
    leave()
    window.removeEventListener('popstate', read)
    window.removeEventListener('hashchange', read)
  }
}
