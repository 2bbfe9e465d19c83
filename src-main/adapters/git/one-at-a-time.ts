/** Runs tasks one after another, in the order asked. A task that fails does not stop those behind it. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task)
    // Whoever asked gets the failure; the queue only waits for the end.
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when all that was asked so far has ended. */
  async idle(): Promise<void> {
    await this.#last
  }
}
