import type { LiveObject } from '../health/health.ts'
import { textAt } from '../manifests/manifest.ts'
import type { Warning } from './pod-events.ts'
import { oneLine } from './why-not-ready.ts'

/** What an event is about: its kind, `Kind namespace/name`, and `namespace/name`. */
export type About = { readonly kind: string; readonly key: string; readonly name: string }

/** Kept of the warnings about one object. */
const mostWarnings = 8

/** Warnings by what they are about: the last of each reason, and of reasons the latest few. */
export class HeardWarnings {
  readonly #warnings = new Map<string, Map<string, Warning>>()

  /** Takes an event; what it is about, or null where nothing was learned from it. */
  hear(event: LiveObject): About | null {
    const about = aboutOf(event)
    if (about === null || textAt(event, 'type') === 'Normal') return null
    const reason = textAt(event, 'reason') ?? ''
    const known = this.#warnings.get(about.key) ?? new Map<string, Warning>()
    const last =
      textAt(event, 'series', 'lastObservedTime') ??
      textAt(event, 'lastTimestamp') ??
      textAt(event, 'eventTime') ??
      textAt(event, 'metadata', 'creationTimestamp') ??
      ''
    const before = known.get(reason)
    if (before && before.last > last) return null
    known.delete(reason)
    known.set(reason, {
      reason,
      message: oneLine((textAt(event, 'message') ?? '').replaceAll('\n', ' '), 400),
      count: Number(textAt(event, 'series', 'count') ?? textAt(event, 'count') ?? 1),
      last,
    })
    for (const oldest of known.keys()) {
      if (known.size <= mostWarnings) break
      known.delete(oldest)
    }
    this.#warnings.set(about.key, known)
    return about
  }

  /** An event is gone; what it was about, or null where nothing was known of that. */
  forget(event: LiveObject): About | null {
    const about = aboutOf(event)
    const known = about && this.#warnings.get(about.key)
    if (!about || !known) return null
    known.delete(textAt(event, 'reason') ?? '')
    if (known.size === 0) this.#warnings.delete(about.key)
    return about
  }

  /** What they were about is gone. */
  drop(key: string): void {
    this.#warnings.delete(key)
  }

  /** Of `Kind namespace/name`. */
  of(key: string): readonly Warning[] {
    return [...(this.#warnings.get(key)?.values() ?? [])]
  }
}

/** What an event is about; null where it does not say. */
function aboutOf(event: LiveObject): About | null {
  const about = event['involvedObject'] ?? event['regarding']
  const kind = textAt(about, 'kind')
  const name = textAt(about, 'name')
  if (kind === undefined || name === undefined) return null
  const full = `${textAt(about, 'namespace') ?? ''}/${name}`
  return { kind, key: `${kind} ${full}`, name: full }
}
