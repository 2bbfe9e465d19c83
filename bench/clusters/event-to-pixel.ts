import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { load } from '../page/open-page.ts'
import { openLivePage } from './open-live-page.ts'

/**
 * From a change at the API server to the frame that shows it, through the whole of the app: 5,000 Pods, on a quiet
 * cluster and during 200 changes a second, on the topology and in two lists of the Clusters screen. `PODS`, `RATE` and
 * `SAMPLES` say otherwise.
 */
const number = (name: string, usual: number) => Number(process.env[name] ?? usual)
const [pods, rate, samples] = [number('PODS', 5000), number('RATE', 200), number('SAMPLES', 60)]
/** Milliseconds, for 95 of 100 changes. */
const goal = 150

/** A place of the page, and what is to be read there once the Pod of `probe` has restarted so many times. */
type Place = {
  readonly name: string
  readonly go: (page: Page) => Promise<void>
  readonly selector: string
  readonly words: (times: number) => string
}
const openTab = async (page: Page, name: string) => {
  await page.getByRole('button', { name: 'Clusters', exact: true }).click()
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click()
}
const places: readonly Place[] = [
  {
    name: 'topology',
    async go(page) {
      const find = page.getByRole('combobox', { name: /^Find/ })
      await find.fill('probe')
      await find.press('Enter')
    },
    selector: '[data-node="probe"]',
    words: times => (times % 2 === 0 ? '1/1' : '0/1'),
  },
  {
    name: 'workloads',
    go: page => openTab(page, 'Workloads'),
    selector: 'table[aria-label="Workloads"] tbody tr',
    words: times => `${times % 2 === 0 ? '1/1' : '0/1'}${times}shop/web`,
  },
  {
    name: 'pods',
    async go(page) {
      await openTab(page, 'Pods')
      await page.getByRole('searchbox').fill('probe-0')
    },
    selector: 'ul[aria-label="Pods"] li',
    words: times => `${times} restart`,
  },
]

await using open = await openLivePage('event to pixel', { pods, rate: 0, drop: 0 })
if (open) {
  const { page, server } = open
  let times = 0
  let slow = 0
  for (const { name, go, selector, words } of places) {
    await go(page)
    for (const changes of [0, rate]) {
      await server.ask(`rate ${changes}`)
      await sleep(2000)
      const waits: number[] = []
      for (let sample = 0; sample < samples; sample += 1) {
        times += 1
        const shown = whenShown(page, selector, words(times))
        // The page looks out for it before it happens.
        await page.evaluate(() => 0)
        const { at } = await server.ask<{ at: number }>(`mark ${times}`)
        waits.push((await shown) - at)
        // Never in step with what is gathered for some time.
        await sleep(250 + Math.random() * 200)
      }
      const sorted = waits.toSorted((a, b) => a - b)
      const p = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!
      if (p(0.95) >= goal) slow += 1
      console.log(
        `event to pixel, ${pods} Pods, ${changes} changes a second, ${name}: p50 ${p(0.5)} ms, p95 ${p(0.95)} ms, most ${p(1)} ms (goal ${goal}), ${load()}`,
      )
    }
    await server.ask('rate 0')
  }
  if (slow > 0) process.exitCode = 1
}

/** When the frame stands that shows these words there, in milliseconds since the epoch. */
function whenShown(page: Page, selector: string, words: string): Promise<number> {
  return page.evaluate(
    ([selector, words]) =>
      new Promise<number>((resolve, reject) => {
        const late = setTimeout(() => {
          const there = [...document.querySelectorAll(selector)].map(each => each.textContent).join(' | ')
          reject(new Error(`${words} never came to ${selector}, where it says: ${there.slice(0, 300)}`))
        }, 20_000)
        const look = () => {
          if (![...document.querySelectorAll(selector)].some(each => each.textContent.includes(words))) return
          observer.disconnect()
          clearTimeout(late)
          // After the frame: what is posted in it comes once it is painted.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = () => resolve(Date.now())
            port2.postMessage(null)
          })
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
        look()
      }),
    [selector, words] as const,
  )
}
