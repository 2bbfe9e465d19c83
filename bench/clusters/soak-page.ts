import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { load } from '../page/open-page.ts'
import { openLivePage } from './open-live-page.ts'
import type { Counted } from './run-soak-server.ts'

/**
 * What somebody sees who leaves the page open on a cluster that never rests: 10,000 Pods, 200 changes a second, all
 * watches dropped every ten seconds, for ten minutes, on the Clusters screen and on the topology by turns. Prints the
 * frames of each part, the memory of page and core, and at the end what the page shows beside what the server has.
 * `PODS`, `RATE`, `SECONDS` and `DROP` say otherwise.
 */
const number = (name: string, usual: number) => Number(process.env[name] ?? usual)
const asked = { pods: number('PODS', 10_000), rate: number('RATE', 200), drop: number('DROP', 10) }
const seconds = number('SECONDS', 600)
/** Milliseconds from one frame to the next, for half of them. */
const goal = 20

const tab = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name: 'Clusters', exact: true }).click()
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click()
}
const parts: readonly { readonly name: string; readonly go: (page: Page) => Promise<void> }[] = [
  { name: 'problems', go: tab('Problems') },
  { name: 'workloads', go: tab('Workloads') },
  { name: 'pods', go: tab('Pods') },
  { name: 'topology', go: page => page.getByRole('button', { name: 'Topology', exact: true }).click() },
]

await using open = await openLivePage('soak of the page', asked)
if (open) {
  const { page, server } = open
  console.log(
    `${asked.pods} Pods, ${asked.rate} changes a second, watches dropped every ${asked.drop} s, ${seconds} s, ${load()}`,
  )
  const rounds = 2
  const heap: number[] = []
  const core: number[] = []
  const all: number[] = []
  for (let round = 0; round < rounds; round += 1)
    for (const { name, go } of parts) {
      await go(page)
      await startFrames(page)
      await sleep((seconds / parts.length / rounds) * 1000)
      const gaps = await stopFrames(page)
      all.push(...gaps)
      heap.push(await heapOf(page))
      core.push(open.coreMemory())
      console.log(
        `soak of the page, ${name}: ${wordsOf(gaps)}, page ${heap.at(-1)} MB, core ${core.at(-1)} MB, ${load()}`,
      )
    }
  console.log(`soak of the page, all of it: ${wordsOf(all)} (goal: half of them under ${goal} ms)`)
  console.log(`soak of the page, memory by turns: page ${heap.join(' ')} MB (collected), core ${core.join(' ')} MB`)

  const told = await server.ask<{ changes: number; drops: number; expired: number }>('stop')
  const counted = await server.ask<Counted>('count')
  await tab('Workloads')(page)
  let wrong = await differences(page, counted)
  for (let tries = 0; wrong.length > 0 && tries < 60; tries += 1) {
    await sleep(1000)
    wrong = await differences(page, counted)
  }
  console.log(
    `soak of the page: ${told.changes} changes, ${told.drops} drops, ${told.expired} of them with the history gone; ` +
      `at the end the page ${wrong.length === 0 ? `shows what the server has: ${counted.pods} Pods, ${counted.notReady} not ready` : `differs: ${wrong.join('; ')}`}`,
  )
  if (wrong.length > 0 || at(all, 0.5) >= goal) process.exitCode = 1
}

function at(gaps: readonly number[], share: number): number {
  const sorted = gaps.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function wordsOf(gaps: readonly number[]): string {
  const late = gaps.filter(gap => gap > 50).length
  return `${gaps.length} frames, p50 ${at(gaps, 0.5).toFixed(1)} ms, p95 ${at(gaps, 0.95).toFixed(1)} ms, most ${Math.max(...gaps).toFixed(0)} ms, over 50 ms: ${late}`
}

async function startFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const state = { on: true, gaps: [] as number[] }
    let last = performance.now()
    const frame = (now: number) => {
      state.gaps.push(now - last)
      last = now
      if (state.on) requestAnimationFrame(frame)
    }
    requestAnimationFrame(now => {
      last = now
      requestAnimationFrame(frame)
    })
    Object.assign(window, { frames: state })
  })
}

function stopFrames(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const { frames } = window as unknown as { frames: { on: boolean; gaps: number[] } }
    frames.on = false
    return frames.gaps
  })
}

/** MB that the page's own objects take once what is of no use any more has gone. */
function heapOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { gc, performance } = window as unknown as {
      gc?: () => void
      performance: { memory: { usedJSHeapSize: number } }
    }
    gc?.()
    return Math.round(performance.memory.usedJSHeapSize / 1024 / 1024)
  })
}

/** What the page says otherwise than the server: numbers of Pods, and of each Deployment those ready and all restarts. */
async function differences(page: Page, counted: Counted): Promise<readonly string[]> {
  const shown = await page.evaluate(() => ({
    tabs: [...document.querySelectorAll('[role="tab"]')].map(each => each.textContent),
    rows: [...document.querySelectorAll('table[aria-label="Workloads"] tbody tr')].map(row => ({
      name: row.querySelector('strong')?.textContent ?? '',
      ready: row.querySelectorAll('td')[1]?.textContent ?? '',
      restarts: row.querySelectorAll('td')[2]?.textContent ?? '',
    })),
  }))
  const wrong: string[] = []
  const countIn = (word: string) =>
    Number((shown.tabs.find(each => each.startsWith(word)) ?? '').replace(word, '').replaceAll(/\D/g, '') || 'NaN')
  if (countIn('Pods') !== counted.pods) wrong.push(`Pods: ${countIn('Pods')} for ${counted.pods}`)
  if (countIn('Problems') !== counted.notReady) wrong.push(`not ready: ${countIn('Problems')} for ${counted.notReady}`)
  for (const [name, { ready, restarts }] of Object.entries(counted.workloads)) {
    const row = shown.rows.find(each => each.name === name)
    if (!row?.ready.startsWith(`${ready}/`) || row.restarts.replaceAll(/\D/g, '') !== String(restarts))
      wrong.push(
        `${name}: ${row ? `${row.ready}, ${row.restarts} restarts` : 'nothing'} for ${ready}, ${restarts} restarts`,
      )
  }
  return wrong
}
