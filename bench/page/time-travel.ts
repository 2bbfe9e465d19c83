import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { startServer } from '../../e2e/open-app.ts'
import buildPageOnce from '../../e2e/run/build-page.ts'
import { findChromium } from '../../e2e/run/find-chromium.ts'
import { isolatedHome } from '../../e2e/world/isolated-home.ts'
import { median } from '../git/compare.ts'
import { runGit } from '../git/run-git.ts'
import { generateServices } from './generate-services.ts'
import { makeRepository } from './make-repository.ts'
import { load } from './open-page.ts'

/**
 * Goes through 200 decisions with the slider, a step a key press, and times each from the press to the frame in which
 * the graph shows that moment. Nodes that did not change must not move.
 */
const decisions = 200
const folder = process.argv[2] ?? (await import('node:os')).tmpdir()
const found = findChromium()
if (!found) console.log('time travel: NOT RUN, there is no Chromium (PILOTHOUSE_CHROMIUM names one)')
else {
  await buildPageOnce()
  await using home = isolatedHome()
  const repository = makeRepository(join(folder, 'time-travel'), generateServices(12))
  const [path = ''] = runGit(repository, 'grep', '-l', 'replicas:').split('\n')
  const file = join(repository, path)
  for (let decision = 1; decision <= decisions; decision++) {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/replicas: \d+/, `replicas: ${1000 + decision}`))
    runGit(repository, 'commit', '-q', '-am', `DECISION: to ${1000 + decision}`)
  }
  const head = runGit(repository, 'rev-parse', 'HEAD').trim()
  const server = await startServer(home, ['serve', repository])
  const browser = await chromium.launch({ executablePath: found.executable })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    await page.goto(server.url)
    const shown = (replicas: number) =>
      page.waitForFunction(
        number => new RegExp(`becomes\\s*${number}`).test(document.body.textContent ?? ''),
        replicas,
        { polling: 'raf' },
      )
    await page.waitForFunction(() => performance.getEntriesByName('topology-picture').length > 0)
    await page.evaluate(revision => {
      const [place = '', query = ''] = location.hash.split('?')
      location.hash = `${place}?${new URLSearchParams([...new URLSearchParams(query), ['revision', revision]])}`
    }, head)
    const slider = page.getByRole('slider', { name: 'Moment' })
    await slider.focus()
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.react-flow__node')].map(node => node.style.transform).sort(),
      )
    const before = await places()
    const steps: number[] = []
    for (let decision = decisions - 1; decision >= 1; decision--) {
      const start = performance.now()
      await page.keyboard.press('ArrowLeft')
      await shown(1000 + decision)
      steps.push(performance.now() - start)
    }
    const moved = JSON.stringify(await places()) !== JSON.stringify(before)
    const sorted = [...steps].sort((a, b) => a - b)
    console.log(
      `time travel: ${steps.length} steps, median ${median(steps).toFixed(0)} ms, p95 ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(0)} ms (goal 100), unchanged nodes ${moved ? 'MOVED' : 'stay'}, ${load()}`,
    )
    if (moved) process.exitCode = 1
  } finally {
    await browser.close()
    await server.stop()
  }
}
