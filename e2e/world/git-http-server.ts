import { execFileSync, spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'

export interface GitHttpServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/`; repositories are below it by their folder's name. */
  readonly url: string
  /** `METHOD path authorization` of every request, in order. */
  readonly requests: readonly {
    readonly method: string
    readonly path: string
    readonly authorization: string | null
  }[]
}

export type GitHttpOptions = {
  /** `user:password` every request has to bring. */
  readonly credentials?: string
  /** Answers a request itself and returns true, or lets git answer. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Cuts the connection after this many bytes of an answer to a POST. */
  readonly cutAfter?: number
  /** Bytes a second of an answer to a POST, roughly. */
  readonly rate?: number
}

/** `git http-backend` behind node:http: git's own smart http server, with its faults to order. */
export async function serveGit(root: string, options: GitHttpOptions = {}): Promise<GitHttpServer> {
  const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')
  const requests: { method: string; path: string; authorization: string | null }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const authorization = request.headers.authorization ?? null
    requests.push({ method: request.method ?? '', path: url.pathname + url.search, authorization })
    if (options.before?.(request, response)) return
    if (options.credentials !== undefined) {
      const wanted = `Basic ${Buffer.from(options.credentials).toString('base64')}`
      if (authorization !== wanted) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
        return
      }
    }
    const child = spawn(backend, {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        ...(request.headers['content-length'] !== undefined && { CONTENT_LENGTH: request.headers['content-length'] }),
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        // Whoever is let in may push.
        REMOTE_USER: 'test',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    request.pipe(child.stdin)
    child.stdin.on('error', () => {}) // git answered before it read everything
    response.once('close', () => child.kill())
    let head = Buffer.alloc(0)
    let sent = 0
    let begun = false
    const pass = (bytes: Buffer) => {
      sent += bytes.length
      if (request.method === 'POST' && options.cutAfter !== undefined && sent > options.cutAfter) {
        response.write(bytes.subarray(0, bytes.length - (sent - options.cutAfter)), () => response.socket?.destroy())
        child.stdout.destroy()
        return
      }
      if (request.method === 'POST' && options.rate !== undefined) {
        child.stdout.pause()
        setTimeout(() => child.stdout.resume(), (bytes.length / options.rate) * 1000)
      }
      if (!response.write(bytes)) {
        child.stdout.pause()
        response.once('drain', () => child.stdout.resume())
      }
    }
    child.stdout.on('data', (chunk: Buffer) => {
      if (begun) return pass(chunk)
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end === -1) return
      begun = true
      let status = 200
      for (const line of head.toString('latin1', 0, end).split('\r\n')) {
        const [name = '', ...value] = line.split(': ')
        if (name.toLowerCase() === 'status') status = Number.parseInt(value.join(': '), 10)
        else response.setHeader(name, value.join(': '))
      }
      response.writeHead(status)
      const rest = head.subarray(end + 4)
      if (rest.length > 0) pass(rest)
    })
    child.stdout.once('close', () => response.end())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
