import { isAlias, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { CannotEdit } from './cannot-edit.ts'
import { documentStyle } from './document-style.ts'
import { formatScalar, type ScalarPlace, type ScalarValue } from './format-scalar.ts'
import { blockList, blockMap, blockScalar, canBeLiteral, indent } from './format-value.ts'
import { type LineOf, type LocatedNode, locateNode, type NodeStep, pathText } from './locate-node.ts'
import { memberStart, nodeEnd, valueGap } from './node-extent.ts'
import { isEmptyNode, keyOf, parseDocument, type YamlDocument } from './parse-yaml.ts'
import { planItem, planPair, planRemoval, removeLines, styleIn } from './plan-block.ts'
import { flowReplacement, placeIn, planFlowMember, planFlowRemoval } from './plan-flow.ts'
import { planScalar } from './plan-scalar.ts'
import { applySplices, type Splice } from './splice.ts'
import { type DocumentSpan, splitDocuments } from './split-documents.ts'
import { columnOf, lineBreakAt, lineEnd, lineNumber, nextLine } from './text-lines.ts'
import {
  isYamlList,
  isYamlMap,
  sameValue,
  valueAt,
  withItemAt,
  withoutValueAt,
  withValueAt,
  type YamlPath,
  type YamlValue,
} from './yaml-value.ts'

/** Where a new key goes in its map; without it, at the end. Keys that are not there are passed over. */
export type Placement =
  | { readonly first: true }
  | { readonly after: readonly string[] }
  | { readonly before: readonly string[] }
  /** Keeps a list of keys sorted that is sorted now. */
  | { readonly sorted: true }

/** One change of one document, in terms of what it holds. */
export type YamlChange =
  /** Puts a value at a path. What is there already and equal is not touched; missing maps on the way are made. */
  | { readonly op: 'set'; readonly path: YamlPath; readonly value: YamlValue; readonly place?: Placement }
  /** Takes a key or an item out. The last one leaves an empty map or list behind. */
  | { readonly op: 'delete'; readonly path: YamlPath }
  /** Puts an item into a list, before the one at `index`. */
  | { readonly op: 'insert'; readonly path: YamlPath; readonly index: number; readonly value: YamlValue }
  /** Another key with another value, where a key stands now. */
  | { readonly op: 'replace'; readonly path: YamlPath; readonly key: string; readonly value: YamlValue }
  /** Several scalars at once; an alias on the way is followed when all that repeat it are among them. */
  | {
      readonly op: 'set-all'
      readonly scalars: readonly { readonly path: YamlPath; readonly value: ScalarValue }[]
    }

/**
 * Changes one document of a file and nothing else. After every change the document is read again and must hold exactly
 * what was meant, as kubectl reads it; every character outside the spliced places is the same. Throws `CannotEdit`.
 */
export function changeYaml(text: string, document: number, changes: readonly YamlChange[]): string {
  const span = splitDocuments(text)[document]
  if (!span) throw new CannotEdit('edit.noSuchItem', { path: `document ${document + 1}` })
  const next = changeSpan(text, span, changes)
  // A change may not open or close a document.
  const end = next.length - (text.length - span.end)
  if (splitDocuments(next.slice(span.start, end)).length > 1)
    throw new CannotEdit('edit.wouldChangeMore', {}, span.start)
  return next
}

/** The same for a part of a file that can be read alone: a document, or an item of a large List (`splitList`). */
export function changeSpan(text: string, span: DocumentSpan, changes: readonly YamlChange[]): string {
  const firstLine = lineNumber(text, span.start)
  let now = text.slice(span.start, span.end)
  try {
    for (const change of changes) now = changeDocument(now, change, firstLine)
  } catch (error) {
    if (error instanceof CannotEdit && error.offset !== undefined)
      throw new CannotEdit(error.reason.key, error.reason.params, span.start + error.offset)
    throw error
  }
  return text.slice(0, span.start) + now + text.slice(span.end)
}

function changeDocument(text: string, change: YamlChange, firstLine: number): string {
  const lineOf: LineOf = offset => firstLine - 1 + lineNumber(text, offset)
  const yaml = readable(text, lineOf)
  const steps = simpleSteps(yaml.value, change)
  if (steps.length !== 1 || steps[0] !== change)
    return steps.reduce((now, step) => changeDocument(now, step, firstLine), text)
  const expected = expectedValue(yaml.value, change)
  if (isThere(yaml.value, change, expected)) return text
  for (const plan of plansFor(yaml, change, lineOf)) {
    const next = applySplices(text, plan)
    const read = parseDocument(next)
    if (read.errors.length === 0 && sameValue(read.value, expected)) return next
  }
  throw new CannotEdit('edit.wouldChangeMore', {}, offsetOfChange(yaml, change))
}

/** True when the document holds what is meant already. */
function isThere(value: YamlValue, change: YamlChange, expected: YamlValue): boolean {
  if (change.op === 'insert') return false
  if (change.op === 'set') {
    const there = valueAt(value, change.path)
    return there !== undefined && sameValue(there, change.value)
  }
  return sameValue(expected, value)
}

function offsetOfChange(yaml: YamlDocument, change: YamlChange): number | undefined {
  const path = change.op === 'set-all' ? change.scalars[0]?.path : change.path
  return path && offsetAt(yaml, path)
}

/** Offset in the document of what stands at a path, or of the deepest thing on the way that does. */
export function offsetAt(yaml: YamlDocument, path: YamlPath): number | undefined {
  let node = yaml.document.contents as Node | null
  let offset = node?.range?.[0]
  for (const step of path) {
    if (isMap(node)) {
      const index = node.items.findIndex(pair => keyOf(pair.key) === String(step))
      if (index < 0) return offset
      offset = (node.items[index]!.key as Node | null)?.range?.[0] ?? offset
      node = node.items[index]!.value as Node | null
    } else if (isSeq(node) && typeof step === 'number') {
      const at = node.items[step] as Node | undefined
      if (!at) return offset
      node = at
      offset = at.range?.[0] ?? offset
    } else {
      return offset
    }
  }
  return offset
}

/** The document, or the refusal that says why it cannot be read. */
export function readable(text: string, lineOf: LineOf): YamlDocument {
  const yaml = parseDocument(text)
  const error = yaml.errors[0]
  if (!error) return yaml
  const template = /\{\{/.exec(text)
  if (template) throw new CannotEdit('edit.isTemplate', { line: lineOf(template.index) }, template.index)
  throw new CannotEdit('edit.cannotRead', { line: lineOf(error.offset), problem: error.message }, error.offset)
}

const isScalarValue = (value: YamlValue | undefined): value is ScalarValue =>
  typeof value !== 'object' || value === null

/** Breaks a change of a whole map or list into changes of what differs in it; a change that is simple stays itself. */
function simpleSteps(value: YamlValue, change: YamlChange): readonly YamlChange[] {
  if (change.op !== 'set') return [change]
  const before = valueAt(value, change.path)
  const after = change.value
  if (isYamlMap(before) && isYamlMap(after)) {
    const kept = Object.keys(before).filter(key => Object.hasOwn(after, key))
    if (kept.length === 0) return [change]
    return [
      ...Object.keys(before)
        .filter(key => !Object.hasOwn(after, key))
        .map((key): YamlChange => ({ op: 'delete', path: [...change.path, key] })),
      ...Object.entries(after)
        .filter(([key, item]) => !Object.hasOwn(before, key) || !sameValue(before[key], item))
        .map(([key, item]): YamlChange => ({ op: 'set', path: [...change.path, key], value: item })),
    ]
  }
  if (isYamlList(before) && isYamlList(after) && before.length > 0 && after.length > 0)
    return listSteps(before, after, change.path)
  return [change]
}

/** The fewest items that have to be set, inserted or taken out to make one list of another. */
function listSteps(before: readonly YamlValue[], after: readonly YamlValue[], path: YamlPath): YamlChange[] {
  const common = longestCommon(before, after)
  const steps: YamlChange[] = []
  let at = 0
  let from = 0
  let to = 0
  for (const [keptFrom, keptTo] of [...common, [before.length, after.length] as const]) {
    const gone = keptFrom - from
    const come = keptTo - to
    const changed = Math.min(gone, come)
    for (let i = 0; i < changed; i++) steps.push({ op: 'set', path: [...path, at + i], value: after[to + i]! })
    for (let i = changed; i < come; i++) steps.push({ op: 'insert', path, index: at + i, value: after[to + i]! })
    for (let i = gone - 1; i >= changed; i--) steps.push({ op: 'delete', path: [...path, at + i] })
    at += come + 1
    from = keptFrom + 1
    to = keptTo + 1
  }
  return steps
}

/** Index pairs of the items two lists have in common, in order. */
function longestCommon(a: readonly YamlValue[], b: readonly YamlValue[]): (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] = sameValue(a[i], b[j])
        ? lengths[i + 1]![j + 1]! + 1
        : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (sameValue(a[i], b[j])) pairs.push([i++, j++])
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i += 1
    else j += 1
  }
  return pairs
}

function expectedValue(value: YamlValue, change: YamlChange): YamlValue {
  switch (change.op) {
    case 'set':
      return withValueAt(value, change.path, change.value)
    case 'delete':
      return withoutValueAt(value, change.path)
    case 'insert':
      return withItemAt(value, change.path, change.index, change.value)
    case 'replace': {
      const parent = change.path.slice(0, -1)
      return withValueAt(withoutValueAt(value, change.path), [...parent, change.key], change.value)
    }
    case 'set-all':
      return change.scalars.reduce<YamlValue>((now, one) => withValueAt(now, one.path, one.value), value)
  }
}

/** Ways to make a change, the most faithful first. */
function* plansFor(yaml: YamlDocument, change: YamlChange, lineOf: LineOf): Generator<readonly Splice[]> {
  switch (change.op) {
    case 'set':
      return yield* planSet(yaml, change, lineOf)
    case 'delete':
      return yield* planDelete(yaml, locateNode(yaml, change.path, lineOf), change.path)
    case 'insert':
      return yield* planInsert(yaml, change, lineOf)
    case 'replace':
      return yield* planReplace(yaml, change, lineOf)
    case 'set-all':
      return yield* planSetAll(yaml, change.scalars, lineOf)
  }
}

const place = (steps: readonly NodeStep[]): ScalarPlace => {
  const flow = steps.find(step => step.collection.flow)
  return flow ? placeIn(flow.collection) : 'block'
}
const flowParent = (steps: readonly NodeStep[]): YAMLMap | YAMLSeq | undefined => {
  const last = steps.at(-1)
  return last?.collection.flow ? last.collection : undefined
}
/** The key habits of quoting go by: the last key on the path. */
const keyOfPath = (path: YamlPath): string => String(path.findLast(step => typeof step === 'string') ?? '')

function* planSet(
  yaml: YamlDocument,
  change: Extract<YamlChange, { op: 'set' }>,
  lineOf: LineOf,
): Generator<readonly Splice[]> {
  const located = locateNode(yaml, change.path, lineOf)
  const { steps, node, missing } = located
  if (missing.length === 0) return yield* planValue(yaml, located, change.value, change.path)
  const nested = missing.slice(1).reduceRight<YamlValue>((value, step) => ({ [String(step)]: value }), change.value)
  const key = String(missing[0])
  if (typeof missing[0] === 'number' || missing.slice(1).some(step => typeof step === 'number'))
    throw new CannotEdit('edit.noSuchItem', { path: pathText(change.path) }, node?.range?.[0])
  if (!isMap(node) || (node.items.length === 0 && !flowParent(steps))) {
    const path = change.path.slice(0, change.path.length - missing.length)
    return yield* planValue(yaml, { ...located, missing: [] }, { [key]: nested }, path)
  }
  for (const after of positions(node, change.place, key)) {
    if (node.flow) yield planFlowMember(yaml, node, after, nested, key, key)
    else yield* planPair(yaml, node, after, key, nested)
  }
}

/** Indexes of the pairs a new key may follow, the wanted one first; -1 is the top. */
function positions(map: YAMLMap, wanted: Placement | undefined, key: string): readonly number[] {
  const keys = map.items.map(pair => keyOf(pair.key))
  const last = keys.length - 1
  if (last < 0) return [-1]
  const indexOf = (names: readonly string[]) => names.map(name => keys.indexOf(name)).find(index => index >= 0)
  let first = last
  if (wanted && 'first' in wanted) first = -1
  else if (wanted && 'after' in wanted) first = indexOf(wanted.after) ?? last
  else if (wanted && 'before' in wanted) first = (indexOf(wanted.before) ?? last + 1) - 1
  else if (wanted && 'sorted' in wanted) first = sortedIndex(keys, key)
  // A block scalar that ends the file without a line break cannot be followed, but can be preceded.
  return [...new Set([first, last, last - 1, -1])].filter(index => index >= -1)
}

function sortedIndex(keys: readonly string[], key: string): number {
  const isSorted = keys.every((one, index) => index === 0 || keys[index - 1]! <= one)
  if (!isSorted) return keys.length - 1
  const next = keys.findIndex(one => one > key)
  return next < 0 ? keys.length - 1 : next - 1
}

/** Puts a value where another stands, or where a key has none. */
function* planValue(
  yaml: YamlDocument,
  { steps, node }: LocatedNode,
  value: YamlValue,
  path: YamlPath,
): Generator<readonly Splice[]> {
  const step = steps.at(-1)
  const parent = flowParent(steps)
  const key = keyOfPath(path)
  if (isScalar(node) && !isEmptyNode(node) && isScalarValue(value)) {
    // A text that grows lines reads best as a literal block.
    const grows = typeof value === 'string' && value.includes('\n') && canBeLiteral(value)
    if (grows && step && node.type === Scalar.PLAIN && place(steps) === 'block')
      yield planBlockValue(yaml, step, node, gapOf(step), value, key)
    const column = step
      ? columnOf(yaml.text, step.collection.flow ? node.range![0] : memberStart(step.collection, step.index))
      : 0
    yield* planScalar(yaml, node, value, place(steps), column)
    return
  }
  if (node && !isEmptyNode(node) && (parent || (isCollection(node) && node.flow && !step))) {
    const [start, end] = node.range!
    yield [{ start, end, text: flowReplacement(yaml, parent ?? (node as YAMLMap), value, key) }]
    return
  }
  if (!step && isCollection(node) && typeof value === 'object' && value !== null && Object.keys(value).length === 0) {
    yield [{ start: memberStart(node, 0), end: nodeEnd(yaml.text, node), text: isYamlList(value) ? '[]' : '{}' }]
    return
  }
  if (!step) throw new CannotEdit('edit.notACollection', { path: pathText(path) }, 0)
  const gap = gapOf(step)
  if (parent) {
    const text = flowReplacement(yaml, parent, value, key)
    const colon = yaml.text[gap - 1] === ':' || !isMap(parent)
    yield [{ start: gap, end: gap, text: colon ? ` ${text}` : `: ${text}` }]
    return
  }
  yield planBlockValue(yaml, step, node, gap, value, key)
}

const isCollection = (node: unknown): node is YAMLMap | YAMLSeq => isMap(node) || isSeq(node)

/** Just after the colon or dash that a value follows. */
function gapOf({ collection, index }: NodeStep): number {
  if (isMap(collection)) {
    const gap = valueGap(collection, index)
    return gap ?? (collection.items[index]!.key as Node).range![1]
  }
  return collection.flow ? (collection.items[index] as Node).range![0] : memberStart(collection, index) + 1
}

/** Lines of a value behind `key:` or `-`: what stands on that line, and the lines below it, at their columns. */
function valueLines(yaml: YamlDocument, step: NodeStep, value: YamlValue, key: string): [string, string[]] {
  const { text } = yaml
  const { collection, index } = step
  const column = columnOf(text, memberStart(collection, index))
  const style = isMap(collection) ? styleIn(yaml, collection) : documentStyle(yaml)
  const isList = isYamlList(value)
  if (isYamlMap(value) && Object.keys(value).length > 0) {
    if (isMap(collection)) return ['', indent(blockMap(value, style), column + style.step)]
    const [first = '', ...rest] = blockMap(value, style)
    return [first, indent(rest, column + style.dashWidth)]
  }
  if (isList && value.length > 0)
    return ['', indent(blockList(value, style, key), column + (isMap(collection) ? style.listOffset : 2))]
  if (typeof value === 'object' && value !== null) return [isList ? '[]' : '{}', []]
  const width = isMap(collection) ? style.step : style.dashWidth
  const [first = '', ...rest] = blockScalar(value, style.quotesOf(key), width, style)
  return [first, indent(rest, column)]
}

function planBlockValue(
  yaml: YamlDocument,
  step: NodeStep,
  node: Node | null,
  gap: number,
  value: YamlValue,
  key: string,
): Splice[] {
  const { text } = yaml
  const [head, below] = valueLines(yaml, step, value, key)
  const lineBreak = lineBreakAt(text, gap)
  const lines = below.map(line => lineBreak + line).join('')
  const headed = head === '' ? '' : ` ${head}`
  if (!node || isEmptyNode(node)) {
    const end = lineEnd(text, gap)
    const splices = [{ start: gap, end: gap, text: headed }]
    return lines === '' ? splices : [...splices, { start: end, end, text: lines }]
  }
  const start = node.range![0]
  const end = nodeEnd(text, node)
  const startsHere = !text.slice(gap, start).includes('\n')
  if (startsHere && !text.slice(start, end).includes('\n')) {
    // One line: its trailing comment stays.
    const at = lineEnd(text, end)
    const from = head === '' ? text.slice(0, start).trimEnd().length : start
    const splices = [{ start: from, end, text: head }]
    return lines === '' ? splices : [...splices, { start: at, end: at, text: lines }]
  }
  if (startsHere) {
    const from = head === '' ? text.slice(0, start).trimEnd().length : start
    const keepsBreak = end > 0 && text[end - 1] === '\n'
    return [{ start: from, end, text: head + lines + (keepsBreak ? lineBreak : '') }]
  }
  if (lines !== '') {
    // Below the key's line, where the old lines stand; the comment behind the key stays.
    const from = lineEnd(text, gap)
    const splices: Splice[] = [{ start: from, end, text: lines + (text[end - 1] === '\n' ? lineBreak : '') }]
    return headed === '' ? splices : [{ start: gap, end: gap, text: headed }, ...splices]
  }
  return [{ start: gap, end: gap, text: headed }, removeLines(text, nextLine(text, gap), end)]
}

function* planDelete(
  yaml: YamlDocument,
  { steps, missing }: LocatedNode,
  path: YamlPath,
): Generator<readonly Splice[]> {
  const step = steps.at(-1)
  if (!step || missing.length > 0) throw new CannotEdit('edit.noSuchItem', { path: pathText(path) })
  const { collection, index } = step
  if (collection.items.length === 1) {
    const empty: YamlValue = step.in === 'map' ? {} : []
    yield* planValue(yaml, { steps: steps.slice(0, -1), node: collection, missing: [] }, empty, path.slice(0, -1))
    return
  }
  if (collection.flow) yield planFlowRemoval(yaml.text, collection, index)
  else for (const finish of [false, true]) yield planRemoval(yaml.text, collection, index, finish)
}

function* planInsert(
  yaml: YamlDocument,
  change: Extract<YamlChange, { op: 'insert' }>,
  lineOf: LineOf,
): Generator<readonly Splice[]> {
  const located = locateNode(yaml, change.path, lineOf)
  const { node, missing } = located
  const list = isSeq(node) ? node : undefined
  if (missing.length > 0) return yield* planSet(yaml, { op: 'set', path: change.path, value: [change.value] }, lineOf)
  const key = keyOfPath(change.path)
  if (!list || (list.items.length === 0 && !flowParent(located.steps)))
    return yield* planValue(yaml, located, [change.value], change.path)
  if (list.flow) yield planFlowMember(yaml, list, change.index - 1, change.value, undefined, key)
  else yield* planItem(yaml, list, change.index - 1, change.value, key)
}

function* planReplace(
  yaml: YamlDocument,
  change: Extract<YamlChange, { op: 'replace' }>,
  lineOf: LineOf,
): Generator<readonly Splice[]> {
  const { steps, node } = locateNode(yaml, change.path, lineOf)
  const step = steps.at(-1)
  if (step?.in !== 'map') throw new CannotEdit('edit.noSuchItem', { path: pathText(change.path) })
  const key = (step.collection as YAMLMap).items[step.index]!.key as Node
  const [start, end] = key.range!
  const quotes = formatScalar(change.key, styleOfKey(key), place(steps))
  const renamed: Splice = { start, end, text: quotes }
  for (const plan of planValue(yaml, { steps, node, missing: [] }, change.value, [
    ...change.path.slice(0, -1),
    change.key,
  ]))
    yield [renamed, ...plan]
}

const styleOfKey = (key: Node) =>
  isScalar(key) && key.type === 'QUOTE_DOUBLE'
    ? 'double'
    : isScalar(key) && key.type === 'QUOTE_SINGLE'
      ? 'single'
      : 'plain'

function* planSetAll(
  yaml: YamlDocument,
  scalars: readonly { readonly path: YamlPath; readonly value: ScalarValue }[],
  lineOf: LineOf,
): Generator<readonly Splice[]> {
  const plans = new Map<Node, { readonly ways: readonly Splice[][]; readonly value: ScalarValue }>()
  for (const { path, value } of scalars) {
    if (sameValue(valueAt(yaml.value, path), value)) continue
    const { steps, node, missing } = locateNode(yaml, path, lineOf, true)
    const step = steps.at(-1)
    if (missing.length > 0 || !isScalar(node) || isAlias(node) || !step)
      throw new CannotEdit('edit.noSuchItem', { path: pathText(path) }, node?.range?.[0])
    const column = columnOf(yaml.text, step.collection.flow ? node.range![0] : memberStart(step.collection, step.index))
    plans.set(node, { ways: planScalar(yaml, node, value, place(steps), column), value })
  }
  const chosen: Splice[] = []
  for (const [node, { ways, value }] of plans)
    chosen.push(...(firstThatHolds(yaml, node, ways, value) ?? ways[0] ?? []))
  yield chosen
}

/** Tries the ways of one scalar alone, so that several can then be made at once. */
function firstThatHolds(
  yaml: YamlDocument,
  node: Node,
  ways: readonly Splice[][],
  value: ScalarValue,
): Splice[] | undefined {
  if (ways.length === 1) return ways[0]
  const offset = node.range![0]
  return ways.find(way => {
    const read = parseDocument(applySplices(yaml.text, way))
    return read.errors.length === 0 && scalarAt(read, offset) === value
  })
}

/** The text value of the scalar that begins at an offset. */
function scalarAt(yaml: YamlDocument, offset: number): string | undefined {
  const find = (node: unknown): string | undefined => {
    if (isScalar(node)) return node.range?.[0] === offset ? String(node.value) : undefined
    if (isSeq(node)) return first(node.items, find)
    if (isMap(node)) return first(node.items, pair => find(pair.key) ?? find(pair.value))
    return undefined
  }
  return find(yaml.document.contents)
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
