import type { LiveObject } from '../../../shared/health/health.ts'
import { type Json, listAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { World } from './simulation.ts'

/** What Flagger's load tester keeps: the names of gates that are open, `web.shop` and `rollback.web.shop`. */
export type Gates = Set<string>

export const isLoadTester = (pod: LiveObject): boolean =>
  listAt(pod, 'spec', 'containers').some(each => /flagger-loadtester/.test(textAt(each, 'image') ?? ''))

/**
 * What the load tester answers to a POST: gates that are open, shut, or moved by a person, and tasks that it takes.
 * https://docs.flagger.app/usage/webhooks
 */
export function answerAsLoadTester(gates: Gates, path: string, body: string): number {
  const canary = readBody(body)
  if (canary === null) return 400
  const name = `${textAt(canary, 'name') ?? ''}.${textAt(canary, 'namespace') ?? ''}`
  const [, what, action] = /^\/(gate|rollback)\/(\w+)$/.exec(path) ?? []
  if (what === undefined) return path === '/' ? 202 : 404
  const gate = what === 'gate' ? name : `rollback.${name}`
  if (action === 'open') gates.add(gate)
  if (action === 'close') gates.delete(gate)
  if (action === 'open' || action === 'close') return 202
  if (action === 'approve' && what === 'gate') return 200
  return action === 'check' && gates.has(gate) ? 200 : 403
}

function readBody(body: string): Json | null {
  try {
    return JSON.parse(body) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** A webhook of a Canary's analysis. */
export type Hook = { readonly name: string; readonly type: string; readonly url: string }

export const hooksOf = (canary: LiveObject, type: string): readonly Hook[] =>
  listAt(objectAt(canary, 'spec', 'analysis'), 'webhooks')
    .map(each => ({
      name: textAt(each, 'name') ?? '',
      type: textAt(each, 'type') ?? 'rollout',
      url: textAt(each, 'url') ?? '',
    }))
    .filter(hook => hook.type === type)

/** Calls a webhook, as far as it is one of a load tester in this cluster. Null when it passed; else why it did not. */
export function callHook(world: World, gates: Gates, canary: LiveObject, { url }: Hook): string | null {
  const [, host = '', path = '/'] = /^https?:\/\/([^/:]+)(?::\d+)?(\/[^?]*)?/.exec(url) ?? []
  const [service = '', namespace = textAt(canary, 'metadata', 'namespace') ?? ''] = host.split('.')
  const selector = Object.entries(objectAt(world.get('/Service', namespace, service), 'spec', 'selector'))
  const pod = world
    .list('/Pod', namespace)
    .find(
      each =>
        selector.length > 0 &&
        textAt(each, 'status', 'phase') === 'Running' &&
        selector.every(([key, value]) => textAt(each, 'metadata', 'labels', key) === value),
    )
  if (!pod || !isLoadTester(pod)) return `Post "${url}": dial tcp: lookup ${host}: no such host`
  const about = { name: textAt(canary, 'metadata', 'name'), namespace: textAt(canary, 'metadata', 'namespace') }
  const status = answerAsLoadTester(gates, path, JSON.stringify(about))
  return status < 400 ? null : status === 403 ? 'Forbidden' : `${status}`
}
