/**
 * `act`, at once after a silence and never again within so many milliseconds: what is asked for in between is done once,
 * when they are over. So one change is told without a wait, and a flood of them in steps.
 */
export function paced(milliseconds: number, act: () => void): { ask(): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null
  let last = Number.NEGATIVE_INFINITY
  return {
    ask() {
      timer ??= setTimeout(
        () => {
          timer = null
          last = performance.now()
          act()
        },
        Math.max(0, last + milliseconds - performance.now()),
      )
    },
    stop() {
      if (timer) clearTimeout(timer)
      timer = null
    },
  }
}
