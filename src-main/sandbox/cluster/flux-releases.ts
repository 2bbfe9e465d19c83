import type { LiveObject } from '../../../shared/health/health.ts'
import { listAt, numberAt, textAt } from '../../../shared/manifests/manifest.ts'
import { dependencyNotReady, isSuspended, requestOf, tellReady } from './flux-conditions.ts'
import type { Controller } from './simulation.ts'

const releases = 'helm.toolkit.fluxcd.io/HelmRelease'
const working = 900
const retry = 5000

/**
 * How far a simulated Helm release is: its history and conditions. Nothing of its chart is rendered, so nothing of it
 * runs; a version `0.0.0` is in no repository.
 */
export function createHelmController(): Controller {
  const known = new Map<string, { readonly key: string; readonly at: number }>()
  return {
    kinds: [releases],
    follows: {
      [releases]: (world, changed) =>
        world
          .list(releases)
          .filter(each =>
            listAt(each, 'spec', 'dependsOn').some(on => textAt(on, 'name') === textAt(changed, 'metadata', 'name')),
          ),
    },
    reconcile(world, object) {
      if (isSuspended(object)) return undefined
      const uid = textAt(object, 'metadata', 'uid')!
      const blocked = dependencyNotReady(world, releases, object)
      if (blocked !== null) {
        const message = `dependency '${blocked}' is not ready`
        tellReady(world, releases, object, { status: 'False', reason: 'DependencyNotReady', message })
        known.delete(uid)
        return world.now() + retry
      }
      const key = JSON.stringify([numberAt(object, 'metadata', 'generation'), requestOf(object)])
      const before = known.get(uid)
      const { chart, version } = chartOf(object)
      if (before?.key !== key) {
        known.set(uid, { key, at: world.now() + working })
        const message = `Running 'upgrade' action with timeout of 5m0s`
        tellReady(world, releases, object, { status: 'Unknown', reason: 'Progressing', message })
        return world.now() + working
      }
      if (world.now() < before.at) return before.at
      if (version === '0.0.0') {
        const message = `HelmChart '${textAt(object, 'metadata', 'namespace')}/${chart}' is not ready: invalid chart reference: failed to get chart version for remote reference: no '${chart}' chart with version matching '${version}' found`
        tellReady(world, releases, object, { status: 'False', reason: 'SourceNotReady', message })
        return undefined
      }
      const [name, namespace] = [releaseName(object), textAt(object, 'metadata', 'namespace') ?? '']
      const history = listAt(object, 'status', 'history')
      const last = history[0]
      const isNew = textAt(last, 'chartVersion') !== version
      const number = (numberAt(last, 'version') ?? 0) + (isNew ? 1 : 0)
      const entry = { name, namespace, version: number, chartName: chart, chartVersion: version, status: 'deployed' }
      const next = isNew
        ? [
            {
              ...entry,
              firstDeployed: textAt(history.at(-1), 'firstDeployed') ?? world.time(),
              lastDeployed: world.time(),
            },
            ...history.map(each =>
              typeof each === 'object' && each !== null ? { ...each, status: 'superseded' } : each,
            ),
          ].slice(0, 5)
        : history
      const action = number > 1 ? 'upgrade' : 'install'
      const message = `Helm ${action} succeeded for release ${namespace}/${name}.v${number} with chart ${chart}@${version}`
      const reason = number > 1 ? 'UpgradeSucceeded' : 'InstallSucceeded'
      const more = { history: next, lastAttemptedRevision: version }
      tellReady(world, releases, object, { status: 'True', reason, message }, more)
      return undefined
    },
  }
}

const releaseName = (object: LiveObject): string =>
  textAt(object, 'spec', 'releaseName') ?? textAt(object, 'metadata', 'name') ?? ''

/** Chart and version: an exact one as it is, any other as if the newest that fits were its lowest. */
function chartOf(object: LiveObject): { readonly chart: string; readonly version: string } {
  const chart = textAt(object, 'spec', 'chart', 'spec', 'chart') ?? textAt(object, 'spec', 'chartRef', 'name') ?? ''
  const asked = textAt(object, 'spec', 'chart', 'spec', 'version') ?? '1.0.0'
  return { chart, version: /\d+(?:\.\d+){0,2}[\w.+-]*/.exec(asked)?.[0] ?? '1.0.0' }
}
