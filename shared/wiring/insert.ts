import { planConnect } from './connect.ts'
import type { Offer, WiringPlan } from './offer.ts'
import { planRepoint } from './repoint.ts'
import type { Scene } from './scene.ts'

/** What it takes that `from` calls `through`, and that calls `to`, where `from` calls `to` now. */
export function planInsert(scene: Scene, from: string, to: string, through: string): WiringPlan {
  const first = planRepoint(scene, from, to, through)
  const calls = scene.topology.edges.some(edge => edge.from === through && edge.to === to && edge.state !== 'rejected')
  const second = calls ? { offers: [], beyond: [], notes: [] } : planConnect(scene, through, to)
  const named = (plan: WiringPlan, part: string): readonly Offer[] =>
    plan.offers.map(offer => ({ ...offer, id: `${part} ${offer.id}` }))
  return {
    offers: [...named(first, 'first'), ...named(second, 'second')],
    beyond: [...first.beyond, ...second.beyond],
    notes: [
      ...first.notes,
      ...second.notes,
      ...(calls ? [{ key: 'wiring.callsThrough' as const, params: { through, to } }] : []),
    ],
  }
}
