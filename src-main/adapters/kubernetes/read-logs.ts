import { StringDecoder } from 'node:string_decoder'
import type { LogOptions } from '../../needs/cluster.ts'
import type { ApiLine } from './api-line.ts'
import { errorOfConnection } from './translate-kubernetes-error.ts'

/** A container's log by lines, as many at a time as arrived together. The reader sets the pace. */
export async function* readLogs(
  line: ApiLine,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const number = (value: number | undefined) => (value === undefined ? undefined : String(value))
  const flag = (value: boolean | undefined) => (value ? 'true' : undefined)
  // Ends the request also when the reader leaves before the log does.
  const leaving = new AbortController()
  const response = await line.open(
    {
      method: 'GET',
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`,
      query: {
        container: options.container,
        follow: flag(options.follow),
        previous: flag(options.previous),
        timestamps: flag(options.timestamps),
        tailLines: number(options.tailLines),
        sinceSeconds: number(options.sinceSeconds),
      },
      accept: '*/*',
      asked: { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace, name },
    },
    AbortSignal.any([signal, leaving.signal]),
  )
  const decoder = new StringDecoder('utf8')
  let rest = ''
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.write(bytes)).split('\n')
      rest = lines.pop() ?? ''
      if (lines.length > 0) yield lines.map(withoutReturn)
    }
    rest += decoder.end()
    if (rest !== '') yield [withoutReturn(rest)]
  } catch (error) {
    throw errorOfConnection(error, line.context, signal)
  } finally {
    leaving.abort()
  }
}

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text)
