/** The cluster's clock: the system's, or one that stands still until it is moved. */
export type Time = {
  /** Milliseconds since the epoch. */
  now(): number
  /** True while it stands still. */
  readonly standing: boolean
  /** Stands still at a moment. */
  stand(at: number): void
  /** Goes with the system's clock. */
  run(): void
}

export function createTime(standingAt?: number): Time {
  let fixed = standingAt
  return {
    now: () => fixed ?? Date.now(),
    get standing() {
      return fixed !== undefined
    },
    stand(at) {
      fixed = at
    },
    run() {
      fixed = undefined
    },
  }
}
