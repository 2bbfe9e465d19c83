import type { JsonObject } from '../../../shared/manifests/manifest.ts'
import { textAt, textsAt } from '../../../shared/manifests/manifest.ts'
import { faultMap } from './faults.ts'
import type { Faults } from './serve-cluster.ts'
import type { Controller } from './simulation.ts'

/** The ConfigMap by which faults are asked for, with a word on each. */
export const faultConfigMap: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    ...faultMap,
    labels: { sandbox: 'true' },
    annotations: {
      'sandbox.pilothouse.dev/help': [
        'What goes wrong in this sandbox, by the values below; empty is nothing.',
        'canaries-fail: true. New revisions answer one call in six with a failure.',
        'slow: milliseconds that each answer waits.',
        'denied: what is forbidden, such as "list pods, * secrets".',
        'too-many: requests that are told 429 (once). errors: requests that are told 500 (once).',
        'drop-watches, expire: another value drops the watches, or tells them 410.',
        'restart, cut: seconds for which the server is gone, or the network silent (once for each value).',
      ].join('\n'),
    },
  },
  data: {
    'canaries-fail': '',
    slow: '',
    denied: '',
    'too-many': '',
    errors: '',
    'drop-watches': '',
    expire: '',
    restart: '',
    cut: '',
  },
}

/** Faults on demand for whoever can edit a ConfigMap: the app needs no code of its own for them. */
export function createFaultControl(faults: () => Faults, report: (error: unknown) => void): Controller {
  let last: { readonly [key: string]: string } = {}
  return {
    kinds: ['/ConfigMap'],
    reconcile(world, map): undefined {
      if (textAt(map, 'metadata', 'name') !== faultMap.name) return
      if (textAt(map, 'metadata', 'namespace') !== faultMap.namespace) return
      const data = textsAt(map, 'data')
      const before = last
      last = data
      const asked = faults()
      const count = (key: string) => Math.max(0, Number(data[key] ?? '') || 0)
      /** True once for each new value. */
      const isNew = (key: string) => (data[key] ?? '') !== '' && data[key] !== before[key]
      asked.canariesFail = data['canaries-fail'] === 'true'
      asked.slow = count('slow')
      asked.denied = (data['denied'] ?? '')
        .split(',')
        .map(each => each.trim())
        .filter(each => each !== '')
      if (isNew('too-many')) asked.tooMany = { requests: count('too-many'), retryAfter: 1 }
      if (isNew('errors')) asked.errors = count('errors')
      if (isNew('drop-watches')) asked.dropWatches()
      if (isNew('expire')) asked.expire()
      // The answer to the request that asked for it is let out first.
      if (isNew('restart')) later(50, () => restart(asked, count('restart') * 1000))
      if (isNew('cut'))
        later(50, async () => {
          asked.cut()
          later(count('cut') * 1000, async () => asked.mend())
        })
      world.event(map, 'Normal', 'FaultsSet', 'The sandbox does as this ConfigMap says', 'sandbox')
    },
  }

  function later(milliseconds: number, act: () => Promise<void>): void {
    setTimeout(() => void act().catch(report), milliseconds).unref()
  }
  async function restart(asked: Faults, away: number): Promise<void> {
    await asked.stop()
    later(away, () => asked.start())
  }
}
