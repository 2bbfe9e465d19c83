import type { Offer } from './offer.ts'
import { permissionsOf } from './policies.ts'
import type { Scene } from './scene.ts'

/** Each permission that lets `from` call `to`, taken away; `count` offers of the plan stand before them. */
export const takePermissions = (scene: Scene, from: string, to: string, count: number): readonly Offer[] =>
  permissionsOf(scene, from, to).map(({ policy, list, item, file, line }, index) => ({
    id: `policy ${count + index}`,
    part: 'policy',
    edits: [{ kind: 'set-item', resource: policy.ref, at: [...list], item, present: false, services: [from, to] }],
    what: { key: 'wiring.takePermission', params: { policy: policy.name, from, to } },
    notes: [],
    file,
    line,
    chosen: true,
  }))
