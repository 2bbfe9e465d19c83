import { addressesInText } from '../edits/address-in-text.ts'
import type { Edit } from '../edits/edit.ts'
import { listAt, textAt } from '../manifests/manifest.ts'
import { redactArguments } from '../topology/redact.ts'
import type { Beyond, Offer, WiringPlan } from './offer.ts'
import { alsoRead, type Place, placesOf } from './places.ts'
import { backendsTo } from './routes.ts'
import type { Scene } from './scene.ts'
import { takePermissions } from './take-permissions.ts'

/**
 * What makes `from` call `to`, each with the edits that take it away. What stands in source, in a longer text or was
 * only measured is told as beyond edits; then people can say that the call is none.
 */
export function planDisconnect(scene: Scene, from: string, to: string): WiringPlan {
  const offers: Offer[] = []
  const beyond: Beyond[] = []
  const reached = new Set<string>()
  const reach = (file: string, line: number) => reached.add(`${file}:${line}`)
  for (const place of placesOf(scene, from, to)) {
    reach(place.file, place.line)
    const edits = removalOf(place)
    const what = placeWords(place)
    const notes = edits.every(edit => edit.kind === 'set-field') ? alsoRead(scene, place, from) : []
    if (edits.length === 0)
      beyond.push({ what: { key: 'wiring.byHand', params: { place: what } }, file: place.file, line: place.line })
    else
      offers.push({
        id: `${place.kind} ${offers.length}`,
        part: place.kind,
        edits,
        what: { key: 'wiring.takeOut', params: { place: what } },
        notes,
        file: place.file,
        line: place.line,
        chosen: notes.length === 0,
      })
  }
  for (const backend of backendsTo(scene, from, to)) {
    reach(backend.file, backend.line)
    offers.push({
      id: `route ${offers.length}`,
      part: 'route',
      edits: [
        {
          kind: 'set-item',
          resource: backend.manifest.ref,
          at: [...backend.list],
          item: backend.item,
          present: false,
          services: [to],
        },
      ],
      what: { key: 'wiring.takeRoute', params: { route: `${backend.manifest.kind} ${backend.manifest.name}`, to } },
      notes: [],
      file: backend.file,
      line: backend.line,
      chosen: true,
    })
  }
  const permissions = takePermissions(scene, from, to, offers.length)
  for (const { file, line } of permissions) if (file !== undefined && line !== undefined) reach(file, line)
  offers.push(...permissions)
  const edges = scene.topology.edges.filter(edge => edge.from === from && edge.to === to)
  const said = edges.some(edge => edge.state === 'declared' || edge.state === 'confirmed')
  if (said)
    offers.push({
      id: 'forget',
      part: 'verdict',
      edits: [{ kind: 'forget-edge', from, to }],
      what: { key: 'wiring.forget', params: { from, to } },
      notes: [],
      chosen: true,
    })
  for (const { kind, file, line, detail } of edges.flatMap(edge => edge.evidence)) {
    if (reached.has(`${file}:${line}`)) continue
    // Where a map is taken or mounted goes with what is taken from it.
    if ((kind === 'env' || kind === 'config') && (offers.length > 0 || beyond.length > 0)) continue
    if (kind === 'declared') continue
    beyond.push({
      what: {
        key: kind === 'metric' ? 'wiring.measured' : kind === 'source' ? 'wiring.inSource' : 'wiring.otherwise',
        params: { detail },
      },
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
    })
  }
  const isNamedAfter = to.startsWith(`${from}-`) && ['datastore', 'queue'].includes(scene.node(to)?.kind ?? '')
  return {
    offers: [
      ...offers,
      {
        id: 'reject',
        part: 'verdict',
        edits: [{ kind: 'reject-edge', from, to }],
        what: { key: 'wiring.rejectOnly', params: { from, to } },
        notes: isNamedAfter ? [{ key: 'wiring.namedAfter', params: { from, to } }] : [],
        chosen: isNamedAfter,
      },
    ],
    beyond,
    notes: offers.length === 0 && beyond.length === 0 ? [{ key: 'wiring.nothingToTake', params: { from, to } }] : [],
  }
}

/** A place as a person names it: the variable, the argument, the key of a map. */
export function placeWords({ kind, variable, manifest, path, container }: Place): string {
  if (kind === 'variable') return variable ?? ''
  if (kind === 'argument') return `${path.at(-2)}[${path.at(-1)}]${container === undefined ? '' : ` (${container})`}`
  return `${manifest.kind} ${manifest.name} ${path.at(-1)}`
}

/** Nothing but the address: a URL, `host:port`, a host. */
const isWhole = ({ text, host }: Place): boolean =>
  /^[^\s,;]+$/.test(text.trim()) && addressesInText(text, host).length === 1

/** The edits that take an address away where it is all that stands there; none where it is a part of more. */
function removalOf(place: Place): readonly Edit[] {
  const { kind, resource, container, variable, manifest, path, portVariable } = place
  if (kind === 'variable' && container !== undefined && variable !== undefined) {
    if (!isWhole(place)) return withoutItem(place)
    const gone = (name: string): Edit => ({ kind: 'set-env', resource, container, name, value: null })
    return [gone(variable), ...(portVariable ? [gone(portVariable.name)] : [])]
  }
  if (kind === 'argument' && container !== undefined) return withoutArgument(place, container)
  // A variable that takes a key of a map is taken out itself; the map may be read by others.
  if (variable !== undefined && container !== undefined) {
    const own = listAt(place.program.manifest.value, ...containerPathOf(place), 'env')
    if (own.some(item => textAt(item, 'name') === variable))
      return [{ kind: 'set-env', resource: place.program.manifest.ref, container, name: variable, value: null }]
  }
  const text = textAt(manifest.value, ...path) ?? ''
  return text.includes('\n') || !isWhole(place)
    ? []
    : [{ kind: 'set-field', resource, at: [...place.at], value: null, services: [] }]
}

function containerPathOf({ program, container }: Place): readonly (string | number)[] {
  for (const field of ['containers', 'initContainers']) {
    const list = [...program.template, 'spec', field]
    const index = listAt(program.manifest.value, ...list).findIndex(item => textAt(item, 'name') === container)
    if (index >= 0) return [...list, index]
  }
  return []
}

/** `a:1,b:2` without one of them; only where nothing in it is a credential, as the whole is written anew. */
function withoutItem({ text, host, resource, container, variable }: Place): readonly Edit[] {
  const items = text.split(',')
  const left = items.filter(item => addressesInText(item, host).length === 0)
  if (items.length < 2 || left.length === 0 || /[@\s]/.test(text)) return []
  return [{ kind: 'set-env', resource, container: container!, name: variable!, value: { value: left.join(',') } }]
}

/** `--cart-url=…`, or `--cart-url …` as two; not a word of a script. Credentials among the rest stay unseen. */
function withoutArgument({ manifest, path, resource, text, host }: Place, container: string): readonly Edit[] {
  const field = path.at(-2) === 'command' ? 'command' : 'args'
  const index = Number(path.at(-1))
  const list = listAt(manifest.value, ...path.slice(0, -1)).map(String)
  const before = list[index - 1] ?? ''
  const isFlag = /^--?[\w.-]+=/.test(text)
  const isValue = /^--?[\w.-]+$/.test(before) && !text.startsWith('-')
  if ((!isFlag && !isValue) || /[\s|;]/.test(text) || addressesInText(text, host).length !== 1) return []
  const from = isFlag ? index : index - 1
  const values = redactArguments(list).toSpliced(from, index - from + 1)
  return [{ kind: 'set-arguments', resource, container, field, values: values.length > 0 ? values : null }]
}
