import type { Version } from './traffic.ts'

const longest = 60 * 60 * 1000

/** Who answered for each service in the last hour, so that a rate over a window is what was counted in it. */
export type ShareHistory = {
  /** Notes who answers now, for the services that have been asked about. */
  note(): void
  /** Begins anew: who answers next has always done so. */
  forget(): void
  versionsOf(service: string): readonly Version[]
}

export function keepShares(answering: (service: string) => readonly Version[], now: () => number): ShareHistory {
  type Moment = { readonly at: number; readonly shares: ReadonlyMap<string, number> }
  type Kept = { moments: Moment[]; readonly versions: Map<string, Version> }
  const services = new Map<string, Kept>()
  const keyOf = ({ labels }: Version) => JSON.stringify(labels)
  const shareNow = ({ share }: Version) => (typeof share === 'number' ? share : share(0))

  function note(service: string): Kept {
    const kept = services.get(service) ?? { moments: [], versions: new Map<string, Version>() }
    services.set(service, kept)
    const at = now()
    const versions = answering(service)
    for (const version of versions) kept.versions.set(keyOf(version), version)
    const shares = new Map(versions.map(version => [keyOf(version), shareNow(version)]))
    const last = kept.moments.at(-1)
    const same =
      last?.shares.size === shares.size && [...shares].every(([key, share]) => last.shares.get(key) === share)
    if (!same) kept.moments.push({ at, shares })
    // The last one before the hour says how the hour began.
    const first = kept.moments.findLastIndex(moment => moment.at <= at - longest)
    if (first > 0) kept.moments = kept.moments.slice(first)
    for (const key of kept.versions.keys())
      if (!kept.moments.some(moment => moment.shares.has(key))) kept.versions.delete(key)
    return kept
  }

  /** The mean share of a version over the last seconds; before anything was noted it was as at first. */
  function mean({ moments }: Kept, key: string, seconds: number): number {
    const end = now()
    const start = end - seconds * 1000
    if (seconds <= 0) return moments.at(-1)?.shares.get(key) ?? 0
    let sum = 0
    for (const [index, { at, shares }] of moments.entries()) {
      // What has only just begun counts for a second: it is asked about at once.
      const begun = index === moments.length - 1 ? Math.min(at, end - 1000) : at
      const from = index === 0 ? start : Math.max(start, begun)
      const to = Math.min(end, moments[index + 1]?.at ?? end)
      if (to > from) sum += (shares.get(key) ?? 0) * (to - from)
    }
    return sum / (end - start)
  }

  return {
    note() {
      for (const service of services.keys()) note(service)
    },
    forget: () => services.clear(),
    versionsOf(service) {
      const kept = note(service)
      return [...kept.versions].map(([key, version]) => ({ ...version, share: seconds => mean(kept, key, seconds) }))
    },
  }
}
