import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { WebSocket } from 'ws'
import type { JsonObject } from '../../../../shared/manifests/manifest.ts'

type Kubeconfig = {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[]
  readonly users: readonly { name: string; user: { [key: string]: string | undefined } }[]
}
export type Asked = { readonly code: number; readonly body: JsonObject; readonly headers: IncomingMessage['headers'] }
export type Ask = {
  (method: string, path: string, body?: unknown, contentType?: string): Promise<Asked>
  /** The open answer to a GET: its lines as they come. */
  stream(path: string): Promise<{ readonly lines: AsyncIterableIterator<string>; close(): void }>
}

/** Asks a cluster as a user of a kubeconfig (as a stranger, when it has no such user), with nothing of Kubernetes' clients in between. */
export async function askAs(kubeconfig: string, user: string): Promise<Ask> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig
  const { cluster } = config.clusters[0]!
  const login = config.users.find(({ name }) => name === user)?.user ?? {}
  const plain = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'base64'))
  const options = {
    ca: plain(cluster['certificate-authority-data']),
    cert: plain(login['client-certificate-data']),
    key: plain(login['client-key-data']),
    agent: false as const,
  }
  const open = (method: string, path: string, headers: { [name: string]: string }, body?: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const authorization = login['token'] === undefined ? {} : { authorization: `Bearer ${login['token']}` }
      const sent = request(`${cluster.server}${path}`, {
        ...options,
        method,
        headers: { ...authorization, 'user-agent': 'test/1', ...headers },
      })
      sent.on('response', resolve)
      sent.on('error', reject)
      sent.end(body)
    })
  const ask = async (method: string, path: string, body?: unknown, contentType = 'application/json') => {
    const response = await open(
      method,
      path,
      body === undefined ? {} : { 'content-type': contentType },
      body === undefined ? undefined : JSON.stringify(body),
    )
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const isJson = response.headers['content-type']?.includes('json')
    return {
      code: response.statusCode ?? 0,
      body: (isJson ? JSON.parse(text) : { text }) as JsonObject,
      headers: response.headers,
    }
  }
  return Object.assign(ask, {
    async stream(path: string) {
      const response = await open('GET', path, {})
      return { lines: linesOf(response), close: () => response.destroy() }
    },
  })
}

async function* linesOf(response: IncomingMessage): AsyncIterableIterator<string> {
  let rest = ''
  for await (const chunk of response) {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop()!
    yield* parts
  }
}

/** Opens a stream of a Pod, as the kubeconfig's first user. */
export async function socketTo(kubeconfig: string, path: string): Promise<WebSocket> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig
  const { cluster } = config.clusters[0]!
  const socket = new WebSocket(
    `${cluster.server.replace('https', 'wss')}${path}`,
    ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    {
      ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
      headers: { authorization: `Bearer ${config.users[0]!.user['token']}` },
    },
  )
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}
