import { plainText } from '../../../shared/edge/plain-text.ts'
import type { EdgeNode, EdgeService } from '../../../shared/edge/read-edge.ts'
import { AppError } from '../../../shared/errors.ts'
import { readBlocks } from '../../../shared/fleet/chunks.ts'
import { imageRunsOn } from '../../../shared/fleet/image-platforms.ts'
import type { Latency } from '../../../shared/fleet/latency.ts'
import { judgeLatency } from '../../../shared/fleet/latency.ts'
import { type Look, readLook } from '../../../shared/fleet/look.ts'
import { planNode } from '../../../shared/fleet/plan.ts'
import type { AppliedNode } from '../../../shared/fleet/rollout.ts'
import { seconds } from '../../../shared/fleet/seconds.ts'
import type { Message } from '../../../shared/messages/index.ts'
import { askNode, type Line, Moved, type Spoken, StillPending } from './ask-node.ts'
import { imageMadeForOn } from './image-on-node.ts'
import { measureLatency } from './measure-latency.ts'
import type { Prepared } from './prepare-release.ts'
import { sendPack } from './send-pack.ts'

export type ApplyStep = 'looking' | 'waiting' | 'sending' | 'checking' | 'starting' | 'measuring' | 'confirming'
export type ApplyNeeds = {
  readonly connection: Line
  readonly prepared: Prepared
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  readonly progress?: (step: ApplyStep, sent?: number, of?: number) => void
  /** Seconds beyond the time a service has to become healthy until an unconfirmed release is put back. */
  readonly grace?: number
}

/** Asks a node about itself and some services, in one round trip. */
export async function lookAt(
  node: EdgeNode,
  connection: Line,
  services: readonly string[],
  signal: AbortSignal,
): Promise<Look> {
  return readLook(
    (await askNode({ node: node.name, connection, isRoot: true }, 'look', services, null, signal)).join('\n'),
  )
}

/**
 * Brings one service on one node to its declared state: sent, checked there, switched, started, found healthy,
 * confirmed. Wherever the line is cut, the node ends on the old release or on the new one, and the next call goes on.
 * Rejects with named failures before anything is switched; what was put back is an answer that says why.
 */
export async function applyRelease(node: EdgeNode, service: EdgeService, needs: ApplyNeeds): Promise<AppliedNode> {
  const { connection, prepared, signal, progress = () => {} } = needs
  progress('looking')
  const look = await lookAt(node, connection, [service.name], signal)
  const release = await prepared.releaseFor(look.base)
  const made = await imageMadeForOn(node, connection, look, prepared, signal)
  const plan = planNode(node, release, prepared.programs, look, made)
  if (plan.kind === 'refused') return { kind: 'refused', reason: plan.notes[0]! }
  const there = look.services.get(service.name)
  const to: Spoken = { node: node.name, connection, isRoot: look.isRoot }
  if (plan.kind === 'same' && !there?.pending) return { kind: 'unchanged', digest: release.digest }

  const ask = askNode.bind(null, to)
  const size = release.files.reduce((sum, file) => sum + file.size, 0)
  let [sent, packed] = [0, 0]
  // A drifted release is made again from nothing: what lies there is not to be relied on.
  const isDrifted = plan.files.some(({ change }) => change === 'drifted')
  if (isDrifted) await ask('discard', [service.name, release.digest], null, signal)
  if (service.artifact.image !== undefined) {
    progress('sending')
    const answer = await ask('pull', [service.name, service.artifact.image], null, signal)
    // Neither its registry nor the node could say before: what came is looked at before it is started.
    const pulled = answer.find(line => line.startsWith('architecture '))?.slice('architecture '.length)
    if (pulled !== undefined && !imageRunsOn([pulled], look.architecture))
      return {
        kind: 'refused',
        reason: {
          key: 'fleet.wrongImagePulled',
          params: { image: service.artifact.image, made: plainText(pulled), node: node.name, machine: look.machine },
        },
      }
  }
  for (let attempt = 0; ; attempt++) {
    try {
      const from = await stage(attempt > 0 || isDrifted)
      if (from) await send(from)
      break
    } catch (error) {
      if (!(error instanceof Moved) && !(error instanceof AppError && error.key === 'fleet.wrongDigest')) throw error
      if (attempt === 2) throw new AppError('conflict', 'fleet.keepsMoving', { node: node.name }, { cause: error })
    }
  }

  progress('starting')
  const { health } = service
  const timeout = seconds(health?.timeout ?? '30s')
  const stable = seconds(health?.stable ?? '2s')
  const measured = service.slo?.schedulingLatencyP99 ?? service.slo?.schedulingLatencyMax
  const window = Math.ceil(timeout + stable + (needs.grace ?? 30) + (measured === undefined ? 0 : 30))
  const probe = health?.http
    ? ['http', String(health.http.port), health.http.path ?? '/']
    : health?.tcp
      ? ['tcp', String(health.tcp.port)]
      : health?.exec
        ? ['exec', ...health.exec]
        : ['none']
  const numbers = [window, Math.ceil(timeout), Math.round(stable)].map(String)
  const answer = await ask('activate', [service.name, release.digest, ...numbers, ...probe], null, signal)
  const reverted = answer.find(line => line.startsWith('reverted '))
  if (reverted !== undefined) {
    const journal = answer.filter(line => line.startsWith('journal ')).map(line => plainText(line.slice(8), 500))
    const [before = 'none', ...why] = reverted.slice('reverted '.length).split(' ')
    return {
      kind: 'reverted',
      digest: release.digest,
      before: before === 'none' ? null : before,
      reason: whyReverted(service, why),
      journal,
    }
  }

  let latency: Latency | undefined
  if (measured !== undefined) {
    progress('measuring')
    latency = await measureLatency(
      to,
      {
        seconds: 5,
        ...(service.unit?.cpuAffinity !== undefined && { cpus: String(service.unit.cpuAffinity) }),
        ...(service.unit?.scheduling?.priority !== undefined && { priority: service.unit.scheduling.priority }),
      },
      signal,
    )
    const broken = judgeLatency(latency, service.slo ?? {})
    if (broken) {
      await ask('revert', [service.name, 'slo'], null, signal)
      return {
        kind: 'reverted',
        digest: release.digest,
        before: there?.current ?? null,
        reason: broken,
        journal: [],
        latency,
      }
    }
  }
  progress('confirming')
  await ask('confirm', [service.name, release.digest, String(service.keep ?? 3)], null, signal)
  return {
    kind: 'applied',
    digest: release.digest,
    before: there?.current ?? null,
    sent,
    packed,
    size,
    ...(latency && { latency }),
  }

  /** What the node has of it; null when it has all. Waits for a change that nobody confirmed to be put back. */
  async function stage(fromNothing: boolean): Promise<Staged | null> {
    const needed = String(Math.ceil((size * 2.2) / 1024) + 64)
    for (;;) {
      try {
        const lines = await ask('stage', [service.name, release.digest, needed], null, signal)
        if (lines.includes('have')) return null
        const parts = lines.flatMap((line): [string, number][] => {
          const [, pack, size] = /^part ([0-9a-f]+) (\d+)$/.exec(line) ?? []
          return pack === undefined ? [] : [[pack, Number(size)]]
        })
        const at = fromNothing ? -1 : lines.findIndex(line => line.startsWith('blocks '))
        const [blocks, base] = at < 0 ? ['', 'none'] : [lines[at + 1] ?? '', lines[at]!.slice('blocks '.length)]
        return { parts: new Map(parts), blocks, base }
      } catch (error) {
        if (!(error instanceof StillPending)) throw error
        progress('waiting')
        // Its timer decides; it is looked at again soon, as whoever made the change may confirm it.
        await needs.pause(Math.min(2000, Math.max(250, error.seconds * 1000)), signal)
      }
    }
  }

  async function send({ parts, blocks, base }: Staged): Promise<void> {
    progress('sending')
    const pack = await prepared.packFor(
      release,
      base,
      () => (blocks === '' ? Promise.resolve('') : prepared.unzip(blocks)),
      readBlocks,
    )
    packed = pack.size
    const unpack = release.unpack ? 'yes' : 'no'
    await sendPack(pack, parts.get(pack.id) ?? 0, {
      zstd: look.tools.has('zstd'),
      receive: (from, how, pieces) => {
        const numbers = [from, pack.size, pack.steps].map(String)
        const parameters = [service.name, release.digest, pack.id, ...numbers, pack.base, unpack, how, String(size)]
        return ask('receive', parameters, pieces, signal)
      },
      progress: (bytes, done) => {
        sent += bytes
        progress(done < pack.size ? 'sending' : 'checking', done, pack.size)
      },
    })
  }
}

/** What a node has of a release: of packs that were begun so many bytes, and the blocks of its current release. */
type Staged = { readonly parts: ReadonlyMap<string, number>; readonly blocks: string; readonly base: string }

function whyReverted(service: EdgeService, [kind = '', result = '', status = '']: readonly string[]): Message {
  const params = { service: service.name, result: plainText(result), status: plainText(status) }
  // A program that ends at once may do so before its start is over; from 200 on systemd itself could not run it.
  const ended = kind === 'exit' || (Number(status) > 0 && Number(status) < 200)
  if (kind === 'start' && !ended) return { key: 'fleet.whyNoStart', params }
  if (ended) return { key: 'fleet.whyExit', params }
  return { key: 'fleet.whyUnhealthy', params: { ...params, probe: result, timeout: service.health?.timeout ?? '30s' } }
}
