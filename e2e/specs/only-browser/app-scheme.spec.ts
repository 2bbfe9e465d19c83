import { join } from 'node:path'
import { inMemoryChannel } from '../../../shared/contract/in-memory-channel.ts'
import { createCore } from '../../../src-main/core/create-core.ts'
import { answerAppRequest } from '../../../src-main/electron/app-protocol.ts'
import { expect, test } from '../../open-app.ts'
import { makeRepository, smallShop } from '../../world/git-repository.ts'
import { testHost } from '../../world/test-host.ts'

const page_ = process.env['PILOTHOUSE_PAGE'] ?? join(import.meta.dirname, '../../../out/renderer')
/** Stands for `app://pilothouse`, which only Electron can have. */
const origin = 'https://pilothouse.example'

/**
 * What the desktop app would show, as far as Chromium alone can tell: the files come from the real handler of `app://`
 * with its shipped policy, and a bridge of the preload's shape carries text to the real core. Electron has no part in
 * this.
 */
test('the page works behind the handler of app:// and a bridge, under the shipped policy', async ({
  home,
  context,
  complaints,
}) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const host = testHost(join(home.folder, 'data'))
  await using core = await createCore({ ...host, description: { ...host.description, directory } })
  const page = await context.newPage()
  page.on('pageerror', error => complaints.push(`error: ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })

  const seen: string[] = []
  await page.route(`${origin}/**`, async (route, request) => {
    const { pathname } = new URL(request.url())
    const answer = await answerAppRequest(page_, new Request(`app://pilothouse${pathname}`))
    seen.push(`${answer.status} ${pathname}`)
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    })
  })

  const [coreSide, pageSide] = inMemoryChannel()
  core.answer(coreSide)
  await page.exposeBinding('sendText', (_source, text: unknown) => {
    if (typeof text !== 'string') throw new TypeError('Only text crosses.')
    void pageSide.send(text)
  })
  pageSide.onText(text => {
    // A page that is being closed hears nothing more.
    page.evaluate(given => window.dispatchEvent(new MessageEvent('core', { data: given })), text).catch(() => {})
  })
  await page.addInitScript(() => {
    const send = (window as unknown as { sendText(text: unknown): Promise<void> }).sendText
    Object.defineProperty(window, 'pilothouse', {
      value: Object.freeze({
        send: (text: unknown) => void send(structuredClone(text)),
        onText: (listener: (text: string) => void) =>
          window.addEventListener('core', event => listener((event as MessageEvent<string>).data)),
      }),
    })
    document.addEventListener('securitypolicyviolation', event =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })

  await page.goto(`${origin}/index.html`)
  await expect(page.locator('body')).toContainText('checkout')
  expect(seen[0]).toBe('200 /index.html')
  expect(seen.filter(line => !line.startsWith('200'))).toEqual([])
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.head.append(script)
    return 'injected' in window
  })
  expect(ran, 'the policy lets no injected script run').toBe(false)
  await expect.poll(() => complaints.some(text => text.includes('CSP: script-src'))).toBe(true)
  expect(complaints.splice(0).filter(text => !/script-src|inline script/.test(text))).toEqual([])
  await page.close()
  pageSide.close()
})
