import { expect, test } from 'vitest'
import { arrange } from './layout/arrange.ts'
import type { Layouts } from './layout/layout-in-worker.ts'
import type { Places } from './layout/places.ts'
import { call, serviceNode, topologyOf, viewOf } from './model/topology-fixture.ts'
import { createPicture, type PictureState } from './picture.ts'

const layouts: Layouts = {
  async arrange(structure) {
    return arrange(structure, null)
  },
  [Symbol.dispose]() {},
}
const settled = () => new Promise(resolve => setTimeout(resolve, 5))
const base = topologyOf(
  [serviceNode('web', { replicas: 2 }), serviceNode('cart'), serviceNode('mail')],
  [call('web', 'cart'), call('web', 'mail')],
)
const drafted = viewOf(base, {
  draft: topologyOf(
    [serviceNode('web', { replicas: 3 }), serviceNode('cart'), serviceNode('fraud')],
    [call('web', 'cart'), call('web', 'fraud')],
  ),
  diff: {
    nodes: [
      { id: 'fraud', change: 'added', fields: [] },
      { id: 'mail', change: 'removed', fields: [] },
      { id: 'web', change: 'changed', fields: [{ field: 'replicas', before: '2', after: '3' }] },
    ],
    edges: [
      { from: 'web', to: 'fraud', protocol: 'http', change: 'added' },
      { from: 'web', to: 'mail', protocol: 'http', change: 'removed' },
    ],
  },
})

test('a draft moves nothing, and after a reload everything stands where it stood', async () => {
  const places: Places = new Map()
  using picture = createPicture(layouts, places)
  picture.show(viewOf(base))
  await settled()
  const before = new Map(picture.store.getState().positions)
  picture.show(drafted)
  const after = new Map(picture.store.getState().positions)
  for (const [id, point] of before) expect(after.get(id)).toEqual(point)
  expect(after.size).toBe(4)

  using reloaded = createPicture(layouts, new Map())
  reloaded.show(drafted)
  await settled()
  expect(new Map(reloaded.store.getState().positions)).toEqual(after)
})

test('one changed value leaves the positions and every other node as they are', async () => {
  using picture = createPicture(layouts, new Map())
  picture.show(viewOf(base))
  await settled()
  const first = picture.store.getState()
  picture.show(
    viewOf({
      ...structuredClone(base),
      nodes: [serviceNode('web', { replicas: 9 }), ...structuredClone(base.nodes.slice(1))],
    }),
  )
  const second = picture.store.getState()
  expect(second.shown.nodes.get('web')).not.toBe(first.shown.nodes.get('web'))
  expect(second.shown.nodes.get('cart')).toBe(first.shown.nodes.get('cart'))
  expect(new Map(second.positions)).toEqual(new Map(first.positions))
})

test('a dropped node stays where it was dropped until its pin arrives, and goes back when the pin is undone', async () => {
  using picture = createPicture(layouts, new Map())
  picture.show(viewOf(base))
  await settled()
  const start = picture.store.getState().positions?.get('cart')
  picture.drag('cart', { x: 900, y: 400 })
  picture.drop()
  picture.show(viewOf(base))
  expect(picture.store.getState().positions?.get('cart')).toEqual({ x: 900, y: 400 })
  picture.show(viewOf(base, { positions: { cart: { x: 900, y: 400 } } }))
  expect([...picture.store.getState().pinned]).toEqual(['cart'])
  picture.show(viewOf(base))
  expect(picture.store.getState().positions?.get('cart')).toEqual(start)
})

test('arranging anew can be taken back', async () => {
  const places: Places = new Map([
    ['web', { x: 5, y: 5 }],
    ['cart', { x: 500, y: 5 }],
    ['mail', { x: 500, y: 300 }],
  ])
  using picture = createPicture(layouts, places)
  picture.show(viewOf(base))
  const before = new Map(picture.store.getState().positions)
  const { back, done } = picture.rearrange()
  await done
  expect(new Map(picture.store.getState().positions)).not.toEqual(before)
  back()
  expect(new Map(picture.store.getState().positions)).toEqual(before)
})

test('arranging anew releases pins, and taking it back puts everything where it stood', async () => {
  const pins = { cart: { x: 40, y: -300 } }
  using picture = createPicture(layouts, new Map())
  picture.show(viewOf(base, { positions: pins }))
  await settled()
  const before = new Map(picture.store.getState().positions)
  const { back, done } = picture.rearrange()
  // The core answers before the layout is there.
  picture.show(viewOf(base))
  await done
  expect(picture.store.getState().positions?.get('cart')).not.toEqual(pins.cart)
  back()
  picture.show(viewOf(base, { positions: pins }))
  await settled()
  expect(new Map(picture.store.getState().positions)).toEqual(before)
})

test('hidden roles are not routed, and come back when asked for', async () => {
  using picture = createPicture(layouts, new Map())
  picture.show(viewOf(topologyOf([serviceNode('load'), serviceNode('web')], [call('load', 'web', { class: 'load' })])))
  await settled()
  expect(picture.store.getState().routes.size).toBe(0)
  expect([...picture.store.getState().role.quietNodes]).toEqual(['load'])
  picture.setHidden(new Set())
  expect(picture.store.getState().routes.size).toBe(1)
})

test('a closed group hides what is in it until it is opened, asked for or chosen; nothing else moves', async () => {
  const at = (id: string, namespace: string) =>
    serviceNode(id, { workload: { kind: 'Deployment', namespace, name: id } })
  const view = viewOf(
    topologyOf(
      [at('web', 'shop'), at('cart', 'shop'), at('till', 'pay'), at('ledger', 'pay')],
      [call('web', 'cart'), call('web', 'till'), call('till', 'ledger')],
    ),
  )
  using picture = createPicture(layouts, new Map(), { grouping: 'namespace' })
  picture.show(view)
  await settled()
  const { getState } = picture.store
  expect([...getState().positions!.keys()].sort()).toEqual(['namespace pay', 'namespace shop'])
  const pay = getState().positions!.get('namespace pay')
  picture.select({ kind: 'node', id: 'cart' })
  expect([...getState().shown.nodes.keys()].sort()).toEqual(['cart', 'namespace pay', 'web'])
  expect(getState().positions!.get('namespace pay')).toEqual(pay)
  picture.toggle('namespace shop')
  expect([...getState().shown.nodes.keys()].sort()).toEqual(['namespace pay', 'namespace shop'])

  picture.drag('namespace pay', { x: 4000, y: 8 })
  picture.drop()
  picture.show({ ...view, positions: { 'namespace pay': { x: 4000, y: 8 }, till: { x: 1, y: 1 } } })
  expect(picture.pins()).toEqual(['namespace pay'])
  picture.toggle('namespace pay')
  expect(getState().positions!.get('till')!.x).toBeGreaterThan(4000)
  picture.setGrouping('none')
  expect(picture.pins()).toEqual(['till'])
})

test('what is shown in slices ends as what is shown at once, whatever comes in between', async () => {
  const many = (owner: string) =>
    viewOf(
      topologyOf(
        Array.from({ length: 900 }, (_, i) => serviceNode(`s${String(i).padStart(3, '0')}`, { owner })),
        Array.from({ length: 899 }, (_, i) =>
          call(`s${String(i).padStart(3, '0')}`, `s${String(i + 1).padStart(3, '0')}`),
        ),
      ),
    )
  using picture = createPicture(layouts, new Map())
  picture.show(many('first'))
  picture.show(many('second'))
  picture.setBudget({ nodes: 800, edges: 3000 })
  const { shown, positions } = await new Promise<PictureState>(resolve => {
    const leave = picture.store.subscribe(state => {
      if (state.positions === null) return
      leave()
      resolve(state)
    })
  })
  expect(shown.nodes.size).toBe(800)
  expect(positions!.size).toBe(800)
  expect([...shown.nodes.values()].every(drawn => drawn.node?.owner === 'second')).toBe(true)
})
