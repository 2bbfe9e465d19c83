import { textAt } from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import type { Kind } from '../kinds.ts'
import type { Controller } from '../simulation.ts'

/** Empties a namespace that is to go, and lets it go when it is empty. */
export function createNamespaceController(kinds: () => readonly Kind[]): Controller {
  return {
    kinds: ['/Namespace'],
    reconcile(world, namespace) {
      if (textAt(namespace, 'metadata', 'deletionTimestamp') === undefined) return undefined
      const name = textAt(namespace, 'metadata', 'name')!
      let left = 0
      for (const kind of kinds()) {
        if (!kind.namespaced) continue
        const group = `${kind.group}/${kind.kind}`
        for (const object of world.list(group, name)) {
          world.remove(group, object)
          if (world.get(group, name, textAt(object, 'metadata', 'name')!)) left++
        }
      }
      if (left > 0) return world.now() + 300
      world.replace('/Namespace', setAt(namespace, ['spec', 'finalizers'], []), 'kube-controller-manager')
      return undefined
    },
  }
}
