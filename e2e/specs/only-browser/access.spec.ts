import { expect, startServer, test } from '../../open-app.ts'

test('the page opens by its one-time address, and by that alone', async ({ home, openApp, browser, complaints }) => {
  const app = await openApp()
  await expect(app.page).toHaveTitle(/Pilothouse/)
  expect(app.page.url()).not.toContain('token')
  expect(await app.page.evaluate(() => document.cookie)).toBe('')

  const stranger = await browser.newContext()
  const page = await stranger.newPage()
  for (const path of ['/', '/index.html', '/channel', '/assets/', '/?token=x']) {
    const answer = await page.goto(`${app.origin}${path}`)
    expect([path, answer?.status()]).toEqual([path, 401])
  }
  await stranger.close()

  const spent = await startServer(home, ['serve'])
  const first = await app.page.request.get(spent.url, { maxRedirects: 0 })
  const second = await app.page.request.get(spent.url, { maxRedirects: 0 })
  expect([first.status(), second.status()]).toEqual([303, 401])
  expect(await spent.stop()).toBe(0)
  expect(complaints).toEqual([])
})

test('a page of another port of this machine reaches nothing', async ({ openApp, context, complaints }) => {
  const app = await openApp()
  const address = new URL(app.origin ?? '')
  const { createServer } = await import('node:http')
  const evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title>')
  })
  await new Promise<void>(resolve => evil.listen(0, '127.0.0.1', resolve))
  try {
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${(evil.address() as { port: number }).port}/`)
    const outcome = await page.evaluate(async origin => {
      const read = await fetch(`${origin}/`, { credentials: 'include' }).then(
        () => 'answered',
        () => 'refused',
      )
      const line = await new Promise<string>(resolve => {
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/channel`)
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('refused')
      })
      return { read, line }
    }, address.origin)
    expect(outcome).toEqual({ read: 'refused', line: 'refused' })
  } finally {
    evil.close()
  }
  expect(complaints).toEqual([])
})
