import type { Page } from '@playwright/test'
import { heldUp, load, openPage } from './open-page.ts'

/**
 * Frames a second while the picture is panned and zoomed with the pointer: 1,000 services drawn one by one, from afar and
 * near by, and an overview of 10,000. Each movement is measured three times and the best is told, since other work on
 * the machine can only make it worse.
 */
const folder = process.argv[2] ?? (await import('node:os')).tmpdir()
const rounds = 3
const goal = 50

await measure(1000, async page => {
  await tell(page, '1,000 services, all in sight, panned', () => pan(page))
  await tell(page, '1,000 services, all in sight, zoomed', () => zoom(page))
  await near(page)
  await tell(page, '1,000 services, near by, panned', () => pan(page))
  await tell(page, '1,000 services, near by, zoomed', () => zoom(page))
})
await measure(10_000, async page => {
  await tell(page, '10,000 services in groups, panned', () => pan(page))
  await tell(page, '10,000 services in groups, zoomed', () => zoom(page))
  await page.keyboard.press('Shift+E')
  await page.waitForTimeout(4000)
  await tell(page, '10,000 services, all groups open, panned', () => pan(page))
  await tell(page, '10,000 services, all groups open, zoomed', () => zoom(page))
})

async function measure(services: number, steps: (page: Page) => Promise<void>): Promise<void> {
  await using open = await openPage('frames', folder, services)
  if (!open) return
  await open.page.waitForTimeout(1500)
  await steps(open.page)
}

/** The movement itself, at the pace of a hand: an event a frame of its own clock. */
async function pan(page: Page): Promise<void> {
  const { x, y } = await emptySpot(page)
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let i = 0; i < 60; i++) {
    await page.mouse.move(x + 240 * Math.sin(i / 9), y + 60 * Math.sin(i / 5))
    await page.waitForTimeout(16)
  }
  await page.mouse.up()
}

/** A spot of the picture with nothing on it: elsewhere a node would be dragged. */
function emptySpot(page: Page): Promise<{ x: number; y: number }> {
  return page.evaluate(() => {
    for (let x = 500; x < 1000; x += 10)
      for (let y = 200; y < 700; y += 10)
        if (document.elementFromPoint(x, y)?.classList.contains('react-flow__pane')) return { x, y }
    throw new Error('the picture has no empty spot')
  })
}

async function zoom(page: Page): Promise<void> {
  await page.mouse.move(720, 450)
  for (let i = 0; i < 60; i++) {
    await page.mouse.wheel(0, i % 30 < 15 ? -40 : 40)
    await page.waitForTimeout(16)
  }
}

/** Near enough that cards are drawn. */
async function near(page: Page): Promise<void> {
  await page.mouse.move(720, 450)
  for (let i = 0; i < 40; i++) {
    const percent = await page.getByRole('toolbar', { name: 'Zoom' }).getByRole('button').nth(1).textContent()
    if (Number.parseInt(percent ?? '', 10) >= 60) break
    await page.mouse.wheel(0, -120)
    await page.waitForTimeout(60)
  }
  await page.waitForTimeout(1000)
}

type Frames = { readonly fps: number; readonly p50: number; readonly p95: number }

async function tell(page: Page, what: string, move: () => Promise<void>): Promise<void> {
  const measured: (Frames & { held: readonly number[] })[] = []
  for (let round = 0; round < rounds; round++) {
    const since = await page.evaluate(() => {
      const times: number[] = []
      const state = { on: true, times }
      const frame = (now: number) => {
        times.push(now)
        if (state.on) requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
      Object.assign(window, { frames: state })
      return performance.now()
    })
    await move()
    const times = await page.evaluate(() => {
      const { frames } = window as unknown as { frames: { on: boolean; times: number[] } }
      frames.on = false
      return frames.times
    })
    measured.push({ ...framesOf(times), held: await heldUp(page, since) })
    await page.waitForTimeout(400)
  }
  const best = measured.sort((a, b) => b.fps - a.fps)[0]!
  console.log(
    `frames, ${what}: ${best.fps.toFixed(0)} a second (goal ${goal}), p50 ${best.p50.toFixed(1)} ms, p95 ${best.p95.toFixed(1)} ms, ` +
      `held up over 50 ms: ${best.held.length === 0 ? 'never' : `${best.held.join(', ')} ms`}; best of ${rounds} (${measured.map(each => each.fps.toFixed(0)).join(', ')}), ${load()}`,
  )
}

function framesOf(times: readonly number[]): Frames {
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  const sorted = [...gaps].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { fps: (gaps.length * 1000) / gaps.reduce((a, b) => a + b, 0), p50: at(0.5), p95: at(0.95) }
}
