/** Measured milliseconds of one round. */
export type Round = { readonly ours: number; readonly git: number }
export type Comparison = {
  readonly name: string
  /** Medians, in milliseconds. */
  readonly ours: number
  readonly git: number
  readonly ratio: number
  readonly goal: number
  readonly rounds: number
  /** Highest resident memory of this process so far, in MiB. */
  readonly peakMiB: number
  /** What it is held against. */
  readonly against: string
}

/**
 * Measures both sides in turn, so that a busy machine slows both; the order changes each round. `ready` is done before
 * each of ours and not measured.
 */
export async function compare(
  name: string,
  goal: number,
  rounds: number,
  ours: (round: number) => Promise<void>,
  git: (round: number) => Promise<void> | void,
  against = 'system git',
  ready: (round: number) => Promise<void> | void = () => {},
): Promise<Comparison> {
  const measured: Round[] = []
  const time = async (task: () => Promise<void> | void): Promise<number> => {
    const start = performance.now()
    await task()
    return performance.now() - start
  }
  for (let round = 0; round < rounds; round++) {
    await ready(round)
    if (round % 2 === 0) {
      const mine = await time(() => ours(round))
      measured.push({ ours: mine, git: await time(() => git(round)) })
    } else {
      const theirs = await time(() => git(round))
      measured.push({ ours: await time(() => ours(round)), git: theirs })
    }
  }
  const mine = median(measured.map(round => round.ours))
  const theirs = median(measured.map(round => round.git))
  const peakMiB = process.resourceUsage().maxRSS / 1024
  return { name, ours: mine, git: theirs, ratio: mine / theirs, goal, rounds, peakMiB, against }
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

export const print = ({ name, ours, git, ratio, goal, rounds, peakMiB, against }: Comparison): void =>
  console.log(
    `${name}: ${ours.toFixed(1)} ms, ${against} ${git.toFixed(1)} ms, ratio ${ratio.toFixed(2)} (goal ${goal}), median of ${rounds}, peak RSS ${peakMiB.toFixed(0)} MiB`,
  )
