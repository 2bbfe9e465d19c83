import type { Gate } from '../../../shared/gate/gate.ts'
import type { Clock } from '../../needs/clock.ts'
import { judgeEnvironment } from '../draft/index.ts'
import { readerOf } from '../topology/index.ts'
import { type Ground, topologyOfSide } from './compare-sides.ts'
import type { Side } from './find-sides.ts'

/** The gate, asked about points. */
export type Judge = {
  /** On all there is at a point; null where it does not hold the environment. */
  whole(side: Side): Gate | null
  /** On the step from one to the other; null where one of them does not hold the environment. */
  step(from: Side, to: Side, signal: AbortSignal): Promise<Gate | null>
}

const nothing: Side = { commit: null, files: new Map(), environment: null, texts: new Map() }

export async function createJudge(ground: Ground, clock: Pick<Clock, 'now'>): Promise<Judge> {
  const { repository } = ground.workspace
  const actor = await repository.identity()
  const now = clock.now()
  const sideOf = (side: Side) => ({
    files: side.files,
    environment: side.environment ?? undefined,
    topology: topologyOfSide(ground, side),
  })
  const judged = (before: Side, after: Side, files: readonly string[]): Gate =>
    judgeEnvironment(readerOf(ground.workspace), sideOf(before), sideOf(after), { edits: [], files, actor, now }).gate
  return {
    whole: side => (side.environment ? judged(nothing, side, [...side.files.keys()]) : null),
    async step(from, to, signal) {
      if (!from.environment || !to.environment) return null
      const paths = new Set([...from.texts.keys(), ...to.texts.keys()])
      if (from.commit !== to.commit && to.commit !== null)
        for (const { path } of await repository.changes(from.commit, to.commit, signal)) paths.add(path)
      return judged(from, to, [...paths])
    },
  }
}
