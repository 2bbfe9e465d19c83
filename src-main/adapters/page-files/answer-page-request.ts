import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { safeHeaders } from './content-security-policy.ts'

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

const refuse = (status: number, headers: Record<string, string>) =>
  new Response(null, { status, headers: { ...headers, 'cache-control': 'no-store' } })

/**
 * Answers a request for one of the page's own files. Only files that lie (links followed) below `directory` and have a
 * known type are given; everything else is not found.
 */
export async function answerPageRequest(
  directory: string,
  request: Request,
  connect: readonly string[] = [],
): Promise<Response> {
  const headers = safeHeaders(connect)
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { ...headers, allow: 'GET, HEAD' })

  let path: string
  try {
    path = decodeURIComponent(new URL(request.url).pathname)
  } catch {
    // An escape that is none names no file.
    return refuse(400, headers)
  }
  if (path === '/') path = '/index.html'
  const segments = path.slice(1).split('/')
  const strange = segments.some(
    segment => segment === '' || segment.startsWith('.') || /[\\:\0]/.test(segment) || segment.endsWith('.'),
  )
  const type = types[extname(path).toLowerCase()]
  if (strange || !type) return refuse(404, headers)

  let bytes: Uint8Array<ArrayBuffer>
  try {
    const root = await realpath(directory)
    const file = await realpath(join(root, ...segments))
    if (!file.startsWith(root + sep)) return refuse(404, headers)
    bytes = new Uint8Array(await readFile(file))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG')
      return refuse(404, headers)
    throw error
  }
  return new Response(request.method === 'HEAD' ? null : bytes, {
    headers: {
      ...headers,
      'content-type': type,
      'content-length': String(bytes.byteLength),
      // Vite names what is in assets/ by its content, so it never changes under a name.
      'cache-control': segments[0] === 'assets' ? 'private, max-age=31536000, immutable' : 'no-store',
    },
  })
}
