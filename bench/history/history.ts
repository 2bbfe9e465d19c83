import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../git/compare.ts'
import { runGit } from '../git/run-git.ts'
import { generateHistory } from './generate-history.ts'

type Answer = { readonly milliseconds: number; readonly items: number }

/**
 * 100,000 commits, 20,000 of them decisions: the first index, opening it later, a search, one service's history and
 * who touched a field, each in an app that has just started, against system git on the same question in the same run.
 */
export async function benchHistory(folder: string, rounds = 5): Promise<void> {
  const directory = await generateHistory(folder)
  const data = join(folder, 'history-data')
  const words = { text: 'because sale 99995' }
  const service = { service: 'svc-7' }
  let peakMiB = 0
  const ask = (...queries: readonly object[]): readonly Answer[] => {
    const script = join(import.meta.dirname, 'ask-history.ts')
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [script, directory, data, ...queries.map(query => JSON.stringify(query))],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(stderr)
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    peakMiB = Math.max(peakMiB, lines.at(-1).peakMiB)
    return lines.slice(0, -1)
  }
  const git = (...args: string[]): Answer => {
    const start = performance.now()
    const items = runGit(directory, ...args).split('\n').length - 1
    return { milliseconds: performance.now() - start, items }
  }
  const times: Record<string, { ours: number[]; git: number[]; goal: string }> = {}
  const note = (name: string, goal: string, ours: Answer, theirs: Answer, same = true): void => {
    if (same && ours.items !== theirs.items) throw new Error(`${name}: ${ours.items} and ${theirs.items} entries`)
    times[name] ??= { ours: [], git: [], goal }
    times[name].ours.push(ours.milliseconds)
    times[name].git.push(theirs.milliseconds)
  }
  for (let round = 0; round < rounds; round++) {
    rmSync(data, { recursive: true, force: true })
    const everything = git('log', '--format=%H%x00%an%x00%ae%x00%at%x00%P%x00%s%x00%b')
    const grep = git('log', '--all-match', '--grep=Because', '--grep=sale 99995', '--format=%H')
    const path = git('log', '--format=%H', '--', 'svc/svc-7.yaml')
    const [first] = ask({ text: 'nothing of the kind' })
    // The first question of a started app opens the index; the second finds it open.
    const [opening, search, history, again] = ask({ text: 'nothing of the kind' }, words, service, service)
    note('history: index once', '2', first!, everything, false)
    note('history: later opening', '0.2', opening!, everything, false)
    note('history: search', '0.2', search!, grep)
    note('history: one service', '-', history!, path)
    note('history: one service again', '-', again!, path)
  }
  // Every commit is looked at, since none touches this field; the second time what they touched is known.
  const grepped = git('log', '-G', 'nodeSelector', '--format=%H')
  const [field, known] = ask({ field: 'nodeSelector' }, { field: 'nodeSelector' })
  note('history: who touched a field', '-', field!, grepped)
  note('history: who touched a field again', '0.2', known!, grepped)
  for (const [name, { ours, git: theirs, goal }] of Object.entries(times))
    console.log(
      `${name}: ${median(ours).toFixed(1)} ms, system git ${median(theirs).toFixed(1)} ms, ratio ${(median(ours) / median(theirs)).toFixed(2)} (goal ${goal}), median of ${ours.length}, peak RSS ${peakMiB.toFixed(0)} MiB`,
    )
}

if (import.meta.main) await benchHistory(process.argv[2] ?? join(import.meta.dirname, '../../.bench'))
