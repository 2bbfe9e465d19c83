import { AppError } from '../../../shared/errors.ts'
import type { Cluster } from '../../needs/cluster.ts'
import type { ApiLine } from './api-line.ts'

type To = Parameters<Cluster['proxyGet']>[0]
type Proxied = Awaited<ReturnType<Cluster['proxyGet']>>

/** Bytes of a body that are read: enough for any health document. */
const most = 64 * 1024

/** GET through the API server's proxy. What the Pod itself answers is an answer, whatever its status. */
export async function proxyGet(line: ApiLine, to: To, path: string, signal: AbortSignal): Promise<Proxied> {
  const { kind, namespace, name, port } = to
  const at = [namespace, kind, `${name}:${port}`].map(encodeURIComponent).join('/')
  const [pathname = '', search = ''] = path.replace(/^\/+/, '').split('?', 2)
  const leaving = new AbortController()
  try {
    const response = await line.open(
      {
        method: 'GET',
        path: `/api/v1/namespaces/${at.replace('%3A', ':')}/proxy/${pathname}`,
        query: Object.fromEntries(new URLSearchParams(search)),
        accept: '*/*',
        asked: { verb: 'get', group: '', resource: kind, subresource: 'proxy', namespace, name },
        anyStatus: true,
      },
      AbortSignal.any([signal, leaving.signal]),
    )
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, most - size))
      size += chunk.length
      if (size >= most) break
    }
    const status = response.statusCode ?? 0
    const contentType = response.headers['content-type'] ?? ''
    const body = Buffer.concat(chunks).toString('utf8')
    const trouble = status >= 400 ? troubleIn(status, body) : null
    if (trouble !== null)
      throw new AppError('unreachable', 'cluster.proxyFailed', {
        what: `${namespace}/${name}:${port}`,
        reason: trouble,
      })
    return { status, contentType, body }
  } finally {
    leaving.abort()
  }
}

/** The API server's own words about a Pod it did not reach; null where the Pod itself spoke. */
function troubleIn(status: number, body: string): string | null {
  try {
    const said: unknown = JSON.parse(body)
    if (typeof said !== 'object' || said === null || !('kind' in said) || said.kind !== 'Status') return null
    if (!('code' in said) || said.code !== status) return null
    return 'message' in said && typeof said.message === 'string' ? said.message : ''
  } catch {
    return body.startsWith('Error trying to reach service') ? body.slice(0, 300) : null
  }
}
