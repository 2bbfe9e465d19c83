import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { findChromium } from './find-chromium.ts'

/**
 * Pictures of the page on the made-up core, for looking at:
 * `node e2e/preview/screenshot.ts --scene open,draft --theme light,dark --size 1440x900 --at '#/…/decisions'`
 * `--press '$mod+k'` or `--click 'role=button[name="…"]'` act first, then `--type`, then `--after` presses keys. Prints the paths.
 * `--axe` also asks axe-core what keeps people out. Whatever the page writes to the console as an error is printed too, and makes the exit code 1.
 */
const { values } = parseArgs({
  options: {
    scene: { type: 'string', default: 'open' },
    theme: { type: 'string', default: 'light,dark' },
    size: { type: 'string', default: '1440x900' },
    locale: { type: 'string', default: 'en' },
    at: { type: 'string', default: '' },
    line: { type: 'string' },
    press: { type: 'string', multiple: true, default: [] },
    click: { type: 'string', multiple: true, default: [] },
    type: { type: 'string' },
    after: { type: 'string', multiple: true, default: [] },
    wait: { type: 'string', default: '900' },
    name: { type: 'string' },
    axe: { type: 'boolean', default: false },
    out: { type: 'string', default: 'out/screenshots' },
    url: { type: 'string', default: 'http://localhost:5199/' },
  },
})

const listOf = (text: string) => text.split(',').filter(Boolean)
const out = values.out
mkdirSync(out, { recursive: true })

async function act(page: Page): Promise<void> {
  for (const selector of values.click) await page.locator(selector).first().click()
  for (const keys of values.press)
    for (const press of keys.split(' ')) await page.keyboard.press(press.replace('$mod', 'Control'))
  if (values.type) await page.keyboard.type(values.type)
  for (const keys of values.after) await page.keyboard.press(keys.replace('$mod', 'Control'))
  if (values.after.length > 0) await page.waitForTimeout(1500)
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Prints what axe-core finds; how many. */
async function barriers(page: Page, where: string): Promise<number> {
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } }
    const { violations } = await axe.run()
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.map(node => `${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    }))
  })
  for (const { id, impact, help, nodes } of found) {
    console.error(`${where}: ${impact} ${id}: ${help}`)
    for (const node of nodes.slice(0, 5)) console.error(`    ${node.replace(/\s+/g, ' ')}`)
  }
  return found.length
}

const executablePath = findChromium()
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
})
let faults = 0
try {
  for (const scene of listOf(values.scene))
    for (const theme of listOf(values.theme))
      for (const size of listOf(values.size))
        for (const locale of listOf(values.locale)) {
          const [width = 1440, height = 900] = size.split('x').map(Number)
          const page = await browser.newPage({ viewport: { width, height } })
          page.on('console', message => {
            if (message.type() !== 'error') return
            faults++
            console.error(`${scene} ${theme}: ${message.text()}`)
          })
          page.on('pageerror', error => {
            faults++
            console.error(`${scene} ${theme}: ${error.stack ?? error.message}`)
          })
          const query = new URLSearchParams({ scene, theme, locale, ...(values.line ? { line: values.line } : {}) })
          await page.goto(`${values.url}?${query}${values.at}`)
          await page.waitForTimeout(Number(values.wait))
          await act(page)
          await page.waitForTimeout(350)
          if (values.axe) faults += await barriers(page, `${scene} ${theme}`)
          const path = join(out, `${[values.name ?? scene, theme, size, locale].join('-')}.png`)
          await page.screenshot({ path })
          console.log(path)
          await page.close()
        }
} finally {
  await browser.close()
}
process.exitCode = faults > 0 ? 1 : 0
