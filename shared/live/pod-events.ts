import type { Message } from '../messages/index.ts'
import { type Asks, oneLine, type Why, whyImage } from './why-not-ready.ts'

/** A warning about an object, as kept: the newest of each reason. */
export type Warning = {
  readonly reason: string
  readonly message: string
  readonly count: number
  /** ISO 8601; empty where the event has no time. */
  readonly last: string
}

const reasons: { readonly [asks in Asks]: RegExp } = {
  mount: /^(FailedMount|FailedAttachVolume|FailedMapVolume)$/,
  start: /^(FailedMount|FailedAttachVolume|FailedMapVolume|FailedCreatePodSandBox|FailedSync|NetworkNotReady)$/,
  probe: /^(Unhealthy|ProbeWarning)$/,
  pull: /^Failed$/,
}

/** Says it with what the newest warning adds, where one of the asked-for kind is there. */
export function withWarnings(why: Why, warnings: readonly Warning[]): Why {
  const { asks } = why
  if (!asks) return why
  const found = warnings
    .filter(({ reason }) => reasons[asks].test(reason))
    .sort((a, b) => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0))[0]
  if (!found) return why
  const { params = {} } = why.message
  const say = (rank: number, key: Message['key'], more: Message['params'] = {}): Why => ({
    message: { key, params: { ...params, ...more } },
    rank: Math.max(rank, why.rank),
  })
  if (asks === 'pull') {
    if (!/pull image|image/i.test(found.message)) return why
    return whyImage(
      String(params['image'] ?? ''),
      'ErrImagePull',
      found.message.replace(/^Failed to pull image "[^"]*": /, ''),
    )
  }
  if (asks === 'probe') {
    const [, kind = '', said = found.message] =
      /^(Readiness|Liveness|Startup) probe (?:failed|errored): ?([\s\S]*)/.exec(found.message) ?? []
    const words = oneLine(said.replaceAll('\n', ' '), 160)
    if (kind === 'Liveness') return say(70, 'live.whyLivenessSaid', { said: words })
    return say(why.rank, kind === 'Startup' ? 'live.whyStartupSaid' : 'live.whyReadinessSaid', { said: words })
  }
  const volume = /MountVolume\.\w+ failed for volume "([^"]+)"(?: ?: ?([\s\S]*))?/.exec(found.message)
  if (volume)
    return say(86, 'live.whyVolume', {
      volume: volume[1]!,
      said: oneLine((volume[2] ?? '').replaceAll('\n', ' '), 160),
    })
  if (/FailedAttachVolume|FailedMount|FailedMapVolume/.test(found.reason))
    return say(80, 'live.whyMount', { said: oneLine(found.message.replaceAll('\n', ' '), 160) })
  return say(84, 'live.whySandbox', { said: oneLine(found.message.replaceAll('\n', ' '), 160) })
}
