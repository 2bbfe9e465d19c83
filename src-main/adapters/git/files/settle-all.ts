/** Like `Promise.all`, but waits for every one before it rejects: who cleans up must not be overtaken by one still at work. */
export async function settleAll<T>(tasks: Iterable<Promise<T>>): Promise<T[]> {
  const results = await Promise.allSettled(tasks)
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
