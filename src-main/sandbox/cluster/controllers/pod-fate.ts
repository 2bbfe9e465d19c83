import type { LiveObject } from '../../../../shared/health/health.ts'
import { type Json, listAt, textAt } from '../../../../shared/manifests/manifest.ts'

/** How a container goes on once it is on a node. */
export type Fate = 'fine' | 'no-image' | 'crash' | 'out-of-memory' | 'never-ready'

/**
 * A tag says how its image behaves, so that every trouble can be had by changing an image: one that ends in `-missing`
 * cannot be pulled, `-crash` exits at once, `-oom` is killed for its memory and `-unready` never answers its probe.
 * (`-errors` and `-slow` run well and answer badly: see the sandbox's metrics.)
 */
export function fateOf(container: Json): Fate {
  const image = textAt(container, 'image') ?? ''
  const tag = image.slice(image.lastIndexOf(':') + 1)
  if (tag.endsWith('-missing')) return 'no-image'
  if (tag.endsWith('-crash')) return 'crash'
  if (tag.endsWith('-oom')) return 'out-of-memory'
  if (tag.endsWith('-unready')) return 'never-ready'
  return 'fine'
}

/** The worst of a Pod's containers, and which it is. */
export function podFate(pod: LiveObject): { readonly fate: Fate; readonly container: string } {
  for (const container of listAt(pod, 'spec', 'containers')) {
    const fate = fateOf(container)
    if (fate !== 'fine') return { fate, container: textAt(container, 'name') ?? '' }
  }
  return { fate: 'fine', container: '' }
}

const units: { readonly [unit: string]: number } = {
  m: 0.001,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
}

/** A Kubernetes quantity (`250m`, `1Gi`) as a number. 0 for what is none. */
export function quantity(text: string | undefined): number {
  const match = /^([\d.]+)(m|k|M|G|Ki|Mi|Gi|Ti)?$/.exec(text ?? '')
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : 0
}
