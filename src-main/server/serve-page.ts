import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import type { Channel } from '../../shared/contract/wire.ts'
import { AppError } from '../../shared/errors.ts'
import { type Locale, type MessageKey, translate } from '../../shared/messages/index.ts'
import { answerPageRequest } from '../adapters/page-files/answer-page-request.ts'
import { safeHeaders } from '../adapters/page-files/content-security-policy.ts'
import { Access } from './access.ts'
import { type Asked, judgeRequest } from './judge-request.ts'
import { socketChannel } from './socket-channel.ts'

/** Bytes of one message from the page: a whole manifest typed in the editor, with room to spare. */
const maximumMessage = 8 * 1024 * 1024
const loopback = '127.0.0.1'

export type PageServer = AsyncDisposable & {
  readonly port: number
  /** A fresh address with a one-time token; the one before, when unused, is void. */
  address(): string
}

export type PageServerOptions = {
  /** Folder of the built page. */
  readonly page: string
  /** 0 takes any free port. */
  readonly port: number
  readonly locale: Locale
  answer(channel: Channel): void
  report(error: unknown): void
}

/** Reads one cookie of a `Cookie` header. */
function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const [key = '', ...value] = part.split('=')
    if (key.trim() === name) return value.join('=').trim()
  }
  return null
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

/** Serves the page and its line to the core on loopback, to whoever came through a one-time address. */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  const access = new Access()
  let port = 0
  // A cookie is sent to every port of a machine, so its name holds the port: two servers do not overwrite each other.
  const cookieName = () => `pilothouse-${port}`
  const connect = () => [`ws://${loopback}:${port}`, `ws://localhost:${port}`]
  const admits = (session: string) => access.admits(session)

  function askedBy(request: IncomingMessage, token: string | null, upgrade: boolean): Asked {
    const { host = null, origin = null, cookie } = request.headers
    const site = request.headers['sec-fetch-site']
    return {
      host,
      origin,
      site: typeof site === 'string' ? site : null,
      session: cookieOf(cookie, cookieName()),
      token,
      upgrade,
    }
  }

  function refusal(status: 401 | 403 | 421): Response {
    const keys: { readonly [status in 401 | 403 | 421]: MessageKey } = {
      401: 'error.pageNeedsToken',
      403: 'error.pageFromElsewhere',
      421: 'error.pageWrongHost',
    }
    const text = translate(options.locale, { key: keys[status] })
    const html = `<!doctype html><html lang="${options.locale}"><meta charset="utf-8"><title>Pilothouse</title><p>${escapeHtml(text)}</p></html>`
    return new Response(html, {
      status,
      headers: { ...safeHeaders(), 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    })
  }

  const app = new Hono<{ Bindings: { incoming: IncomingMessage } }>()
  app.all('*', async context => {
    const url = new URL(context.req.url)
    const token = url.pathname === '/' && context.req.method === 'GET' ? url.searchParams.get('token') : null
    const judgement = judgeRequest(askedBy(context.env.incoming, token, false), port, admits)
    if (judgement.kind === 'refuse') return refusal(judgement.status)
    if (judgement.kind === 'enter') {
      const session = access.redeem(judgement.token)
      if (session === null) return refusal(401)
      // Away from the address with the token, so that it stays in no history entry a page could be reloaded from.
      const headers = {
        ...safeHeaders(),
        location: '/',
        'cache-control': 'no-store',
        'set-cookie': `${cookieName()}=${session}; Path=/; HttpOnly; SameSite=Strict`,
      }
      return new Response(null, { status: 303, headers })
    }
    return answerPageRequest(options.page, context.req.raw, connect())
  })
  app.onError(error => {
    options.report(error)
    return new Response(null, { status: 500, headers: { ...safeHeaders(), 'cache-control': 'no-store' } })
  })

  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessage, perMessageDeflate: false })

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const judgement = judgeRequest(askedBy(request, null, true), port, admits)
    const status = judgement.kind === 'refuse' ? judgement.status : request.url === '/channel' ? 101 : 404
    if (status !== 101) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, page => options.answer(socketChannel(page)))
  })

  await new Promise<void>((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException) => {
      const key = cause.code === 'EADDRINUSE' ? 'error.portInUse' : 'error.portRefused'
      const reason = cause.code ?? cause.message
      reject(new AppError('invalid-input', key, { port: options.port, reason }, { cause }))
    }
    server.once('error', refused)
    server.listen({ host: loopback, port: options.port, exclusive: true }, () => {
      server.off('error', refused)
      resolve()
    })
  })
  server.on('error', options.report)
  port = (server.address() as AddressInfo).port

  return {
    port,
    address: () => `http://${loopback}:${port}/?token=${access.issue()}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
