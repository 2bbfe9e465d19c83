import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import {
  type ImageArchitectures,
  imageArchitectures,
  parseImageReference,
} from '../../../shared/fleet/image-platforms.ts'

/** Media types of manifests and of lists of them: OCI's, and Docker's before it. */
const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')
/** Milliseconds until a registry is not waited for any more. */
const patience = 10_000
/** The OCI distribution specification has registries take manifests of 4 MiB at least. */
const longest = 4 * 1024 * 1024

const isHere = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
/** Without TLS only on this machine, as Docker has it. */
const isTrusted = ({ protocol, hostname }: URL): boolean => protocol === 'https:' || isHere(hostname)

/**
 * Asks a registry what an image is made for, without pulling it (OCI distribution-spec), as anybody: no password is sent.
 * What is not what its digest says is not believed. Null where this machine may not or cannot know; rejects on `signal`.
 */
export async function askRegistry(image: string, signal: AbortSignal): Promise<ImageArchitectures> {
  const reference = parseImageReference(image)
  if (!reference) return null
  const late = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  try {
    const { registry, name, digest } = reference
    const host = new URL(`https://${registry}`).hostname
    const base = `${isHere(host) ? 'http' : 'https'}://${registry}/v2/${name}`
    const registered = new Registry(late)
    const manifest = await registered.json(`${base}/manifests/${digest}`, digest)
    const told = imageArchitectures(manifest)
    if (told !== null) return told
    const config = configOf(manifest)
    return config === null ? null : imageArchitectures(await registered.json(`${base}/blobs/${config}`, config))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error) return null
    throw error
  }
}

function configOf(manifest: unknown): string | null {
  const { config } = (manifest ?? {}) as { readonly config?: { readonly digest?: unknown } }
  const digest = config?.digest
  return typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : null
}

class Registry {
  readonly #signal: AbortSignal
  #token: string | null = null

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** What an address answers, if it is what its digest says. */
  async json(url: string, digest: string): Promise<unknown> {
    let answer = await this.#get(url)
    if (answer.status === 401) {
      const challenge = answer.headers.get('www-authenticate')
      await answer.body?.cancel()
      this.#token = await this.#sign(challenge)
      answer = await this.#get(url)
    }
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
    const bytes = await read(answer)
    if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
      throw new Error(`${url} is another one`)
    return JSON.parse(bytes.toString('utf8'))
  }

  #get(url: string): Promise<Response> {
    const headers = { accept: accepted, ...(this.#token !== null && { authorization: `Bearer ${this.#token}` }) }
    return fetch(url, { headers, signal: this.#signal })
  }

  /** A token for anybody, where the registry says who gives them (distribution's token specification). */
  async #sign(challenge: string | null): Promise<string> {
    const [, said] = /^Bearer\s+(.*)$/i.exec(challenge ?? '') ?? []
    const fields = new Map([...(said ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]))
    const url = new URL(fields.get('realm') ?? '')
    if (!isTrusted(url)) throw new Error(`${url.origin} is not asked for a token`)
    for (const key of ['service', 'scope']) if (fields.has(key)) url.searchParams.set(key, fields.get(key)!)
    const answer = await fetch(url, { signal: this.#signal })
    if (!answer.ok) throw new Error(`${url.origin} answers ${answer.status}`)
    const { token, access_token: other } = JSON.parse((await read(answer)).toString('utf8')) as {
      [key: string]: unknown
    }
    const given = token ?? other
    if (typeof given !== 'string') throw new Error(`${url.origin} gives no token`)
    return given
  }
}

async function read(answer: Response): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > longest) throw new Error('It is longer than any manifest')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
