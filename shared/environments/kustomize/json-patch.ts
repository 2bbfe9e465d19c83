import type { Json } from '../../manifests/manifest.ts'
import { copyTree, isList, isMapping, itemsIn, type Mapping, type Tree, textIn, toJson } from './tree.ts'

/** An operation that cannot be applied. */
export class PatchFails extends Error {
  /** Position of the operation in the patch. */
  readonly operation: number

  constructor(message: string, operation: number) {
    super(message)
    this.operation = operation
  }
}

/**
 * JSON Patch (RFC 6902) as kustomize applies it: a path with a missing parent fails, and so does taking
 * away what is not there. Values keep the place where the patch writes them.
 */
export function applyJsonPatch(root: Mapping, patch: Tree): void {
  for (const [index, operation] of itemsIn(patch).entries()) {
    try {
      apply(root, operation)
    } catch (error) {
      throw error instanceof PatchFails ? error : new PatchFails(String((error as Error).message), index)
    }
  }

  function apply(target: Mapping, operation: Tree): void {
    const op = textIn(operation, 'op') ?? ''
    const path = textIn(operation, 'path') ?? ''
    const value = isMapping(operation) ? operation.entries.get('value') : undefined
    if (op === 'add') add(target, path, copyTree(need(value, `${op} ${path} has no value`)))
    else if (op === 'remove') remove(target, path)
    else if (op === 'replace') replace(target, path, copyTree(need(value, `${op} ${path} has no value`)))
    else if (op === 'move') {
      const from = textIn(operation, 'from') ?? ''
      const moved = copyTree(read(target, from))
      remove(target, from)
      add(target, path, moved)
    } else if (op === 'copy') add(target, path, copyTree(read(target, textIn(operation, 'from') ?? '')))
    else if (op === 'test') {
      if (!sameJson(toJson(read(target, path)), value ? toJson(value) : null))
        throw new Error(`the value at ${path} is not the expected one`)
    } else throw new Error(`${op === '' ? 'an operation without op' : op} is not known`)
  }
}

function need<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new Error(message)
  return value
}

const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))

function parentOf(root: Mapping, pointer: string): { parent: Tree; step: string } {
  const steps = stepsOf(pointer)
  const step = steps.pop()
  if (step === undefined) throw new Error('the whole object cannot be replaced')
  let parent: Tree = root
  for (const part of steps) {
    const next = childOf(parent, part)
    if (!next) throw new Error(`there is nothing at ${pointer}`)
    parent = next
  }
  return { parent, step }
}

function childOf(parent: Tree, step: string): Tree | undefined {
  if (parent.type === 'list') return parent.items[position(step, parent.items.length)]
  return parent.type === 'map' ? parent.entries.get(step) : undefined
}

/** Also counted from the end: `-1` is the last one. */
function position(step: string, length: number): number {
  const index = /^-?\d+$/.test(step) ? Number(step) : Number.NaN
  const at = index < 0 ? index + length : index
  if (Number.isNaN(at) || at < 0) throw new Error(`${step} is not a position in a list`)
  return at
}

function read(root: Mapping, pointer: string): Tree {
  if (pointer === '') return root
  const { parent, step } = parentOf(root, pointer)
  return need(childOf(parent, step), `there is nothing at ${pointer}`)
}

function add(root: Mapping, pointer: string, value: Tree): void {
  const { parent, step } = parentOf(root, pointer)
  if (isMapping(parent)) parent.entries.set(step, value)
  else if (isList(parent)) {
    if (step === '-') parent.items.push(value)
    else {
      const at = position(step, parent.items.length + 1)
      if (at > parent.items.length) throw new Error(`${pointer} is beyond the end of the list`)
      parent.items.splice(at, 0, value)
    }
  } else throw new Error(`there is nothing to add to at ${pointer}`)
}

function remove(root: Mapping, pointer: string): void {
  read(root, pointer)
  const { parent, step } = parentOf(root, pointer)
  if (isList(parent)) parent.items.splice(position(step, parent.items.length), 1)
  else if (isMapping(parent)) parent.entries.delete(step)
}

/** In a map also what is not there yet: the library that kustomize uses does not look. */
function replace(root: Mapping, pointer: string, value: Tree): void {
  const { parent, step } = parentOf(root, pointer)
  if (isList(parent)) read(root, pointer)
  if (isList(parent)) parent.items[position(step, parent.items.length)] = value
  else if (isMapping(parent)) parent.entries.set(step, value)
}

function sameJson(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameJson(item, b[index]!))
    )
  const left = Object.entries(a)
  const right = b as { readonly [key: string]: Json }
  return (
    left.length === Object.keys(right).length &&
    left.every(([key, item]) => Object.hasOwn(right, key) && sameJson(item, right[key]!))
  )
}
