import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { applyEdits } from './apply-edits.ts'
import type { Edit } from './edit.ts'
import { planRevert } from './plan-revert.ts'

const file = 'k8s/shop.yaml'
const text = `# The shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2 # enough for a weekday
  template:
    spec:
      containers:
        - name: main
          image: acme/shop:1.0.0
          env:
            - name: LOG_LEVEL
              value: info
            - name: CART_URL
              value: http://cart:8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: main
          image: acme/cart:1.0.0
`
const ref = (name: string): ResourceRef => ({ file, kind: 'Deployment', name })
const scale = (name: string, replicas: number): Edit => ({ kind: 'set-replicas', resource: ref(name), replicas })
const env = (name: string, value: string | null): Edit => ({
  kind: 'set-env',
  resource: ref('shop'),
  container: 'main',
  name,
  value: value === null ? null : { value },
})
const upgrade = (name: string, tag: string): Edit => ({
  kind: 'set-image',
  resource: ref(name),
  container: 'main',
  image: `acme/${name}:${tag}`,
})
const start = new Map([[file, text]])
const make = (files: ReadonlyMap<string, string>, ...edits: Edit[]) => applyEdits(files, edits).files

describe('planRevert', () => {
  test.each([
    ['with its typed edits', true],
    ['of a commit made elsewhere', false],
  ])('gives back the very bytes where nothing happened since, %s', (_, known) => {
    for (const edits of [
      [scale('shop', 5)],
      [upgrade('shop', '2.0.0'), env('CART_URL', null), env('NEW', 'x')],
      [{ kind: 'rename-service', resource: ref('cart'), to: 'basket' } satisfies Edit],
      [{ kind: 'remove-service', resource: ref('cart') } satisfies Edit],
    ]) {
      const after = make(start, ...edits)
      const plan = planRevert(start, after, after, known ? edits : null)
      expect(plan.conflicts).toEqual([])
      expect(make(after, ...plan.edits).get(file)).toBe(text)
    }
  })

  test('later edits of other fields stay, around it and in the same list', () => {
    const after = make(start, scale('shop', 5), env('CART_URL', 'http://basket'))
    const today = make(after, upgrade('shop', '3.0.0'), env('FIRST', '1'), env('LOG_LEVEL', null), scale('cart', 4))
    for (const edits of [[scale('shop', 5), env('CART_URL', 'http://basket')], null]) {
      const plan = planRevert(start, after, today, edits)
      expect(plan.conflicts).toEqual([])
      const back = make(today, ...plan.edits).get(file)
      expect(back).toBe(
        make(start, upgrade('shop', '3.0.0'), env('FIRST', '1'), env('LOG_LEVEL', null), scale('cart', 4)).get(file),
      )
    }
  })

  test('a field that was changed since is a conflict, the others are taken back', () => {
    const after = make(start, scale('shop', 5), upgrade('shop', '2.0.0'))
    const today = make(after, scale('shop', 9))
    const plan = planRevert(start, after, today, [scale('shop', 5), upgrade('shop', '2.0.0')])
    expect(plan.conflicts).toMatchObject([
      { field: 'Deployment/shop spec.replicas', file, line: 7, base: '5', ours: '2', theirs: '9' },
    ])
    expect(make(today, ...plan.edits).get(file)).toBe(make(start, scale('shop', 9)).get(file))
  })

  test('what is back already needs nothing', () => {
    const after = make(start, scale('shop', 5))
    expect(planRevert(start, after, start, [scale('shop', 5)])).toEqual({ edits: [], conflicts: [] })
  })

  test('a removed service comes back beside what was changed since, with its comments', () => {
    const removed: Edit = { kind: 'remove-service', resource: ref('shop') }
    const after = make(start, removed)
    const today = make(after, scale('cart', 7))
    const plan = planRevert(start, after, today, [removed])
    expect(plan.conflicts).toEqual([])
    expect(make(today, ...plan.edits).get(file)).toBe(make(start, scale('cart', 7)).get(file))
  })

  test('any change among any later ones: what it should be, or a conflict; never another field', () => {
    const anEdit = fc.oneof(
      fc.tuple(fc.constantFrom('shop', 'cart'), fc.integer({ min: 0, max: 4 })).map(([name, n]) => scale(name, n)),
      fc
        .tuple(fc.constantFrom('shop', 'cart'), fc.constantFrom('1', '2', '3'))
        .map(([name, tag]) => upgrade(name, tag)),
      fc
        .tuple(fc.constantFrom('LOG_LEVEL', 'CART_URL', 'A', 'B'), fc.constantFrom('x', 'y', null))
        .map(([name, value]) => env(name, value)),
    )
    /** The field an edit is about, and what is there. */
    const keyOf = (edit: Edit) =>
      JSON.stringify([edit.kind, 'resource' in edit && edit.resource.name, 'name' in edit && edit.name])
    const fieldsOf = (files: ReadonlyMap<string, string>) => {
      const of = new Map<string, string | undefined>()
      for (const name of ['shop', 'cart'])
        for (const edit of [
          scale(name, 0),
          upgrade(name, ''),
          env('LOG_LEVEL', ''),
          env('CART_URL', ''),
          env('A', ''),
          env('B', ''),
        ]) {
          const [part] = (files.get(file) ?? '').split('---\n').filter(item => item.includes(`name: ${name}\n`))
          const pattern =
            edit.kind === 'set-replicas'
              ? /replicas: (\d+)/
              : edit.kind === 'set-image'
                ? /image: (\S+)/
                : `name: ${'name' in edit ? edit.name : ''}\n +value: (\\S+)`
          of.set(keyOf(edit), new RegExp(pattern).exec(part ?? '')?.[1])
        }
      return of
    }
    fc.assert(
      fc.property(
        fc.array(anEdit, { minLength: 1, maxLength: 4 }),
        fc.array(anEdit, { maxLength: 5 }),
        fc.boolean(),
        (edits, later, known) => {
          const after = make(start, ...edits)
          const today = make(after, ...later)
          const plan = planRevert(start, after, today, known ? edits : null)
          const [then, was, is, back] = [start, after, today, make(today, ...plan.edits)].map(fieldsOf)
          for (const [key, value] of is!) {
            const touched = then!.get(key) !== was!.get(key)
            const moved = value !== was!.get(key)
            // Changed by it and by nobody since: as before it. Else as today.
            if (plan.conflicts.length === 0 && touched && !moved) expect(back!.get(key)).toBe(then!.get(key))
            else if (!touched || moved) expect(back!.get(key)).toBe(value)
          }
          const clash = [...is!].some(
            ([key, value]) => then!.get(key) !== was!.get(key) && value !== was!.get(key) && value !== then!.get(key),
          )
          if (clash) expect(plan.conflicts.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 300 },
    )
  })
})
