import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { Json, JsonObject } from '../../../shared/manifests/manifest.ts'
import { isObject, listAt, objectAt, textAt, textsAt, valueAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { KubeconfigProblem } from '../../needs/cluster.ts'
import { inClusterContext } from './in-cluster.ts'
import type { ClusterEntry, ContextEntry, ExecEntry, UserEntry } from './kubeconfig-entries.ts'

export type Kubeconfig = {
  readonly contexts: readonly ContextEntry[]
  readonly problems: readonly KubeconfigProblem[]
}

type Placed = { readonly file: string; readonly body: JsonObject }

/** The mark of a cluster that is simulated: an extension of its context or of itself. */
const sandboxMark = 'pilothouse.dev/sandbox'

/**
 * Reads kubeconfig files and joins them as kubectl does: the first file that names something wins, relative paths are
 * from the file they stand in. A file that cannot be read is a problem beside the contexts of the others.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export async function readKubeconfig(
  files: readonly string[],
  options: { readonly inCluster: boolean },
  kept: ParsedFiles = new Map(),
): Promise<Kubeconfig> {
  const problems: KubeconfigProblem[] = []
  const found = {
    contexts: new Map<string, Placed>(),
    clusters: new Map<string, Placed>(),
    users: new Map<string, Placed>(),
  }
  let current: string | undefined
  for (const read of await Promise.all(files.map(file => readOne(resolve(file), kept)))) {
    const { file, problem, value } = read
    if (problem) problems.push({ file, problem })
    if (!value) continue
    current ||= textAt(value, 'current-context')
    for (const kind of ['contexts', 'clusters', 'users'] as const)
      for (const item of listAt(value, kind)) {
        const name = textAt(item, 'name')
        const body = objectAt(item, kind.slice(0, -1))
        if (name !== undefined && !found[kind].has(name)) found[kind].set(name, { file, body })
      }
  }
  const contexts: ContextEntry[] = []
  for (const [name, { file, body }] of found.contexts) {
    const wanted = { cluster: textAt(body, 'cluster') ?? '', user: textAt(body, 'user') ?? '' }
    const cluster = found.clusters.get(wanted.cluster)
    const user = found.users.get(wanted.user)
    const server = textAt(cluster?.body, 'server') ?? ''
    const missing: Message | null = !cluster
      ? { key: 'cluster.noSuchCluster', params: { context: name, cluster: wanted.cluster } }
      : !user && wanted.user !== ''
        ? { key: 'cluster.noSuchUser', params: { context: name, user: wanted.user } }
        : !URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)
          ? { key: 'cluster.badServer', params: { cluster: wanted.cluster } }
          : null
    if (missing || !cluster) {
      problems.push({
        file,
        problem: missing ?? { key: 'cluster.noSuchCluster', params: { context: name, cluster: '' } },
      })
      continue
    }
    contexts.push({
      context: {
        name,
        ...wanted,
        namespace: textAt(body, 'namespace') || null,
        server: new URL(server).origin,
        file,
        current: name === current,
        sandbox: isMarked(body) || isMarked(cluster.body),
      },
      cluster: clusterEntry(cluster),
      user: user ? userEntry(user) : { impersonate: {} },
    })
  }
  const own = options.inCluster ? await inClusterContext(contexts.length === 0) : null
  if (own && !found.contexts.has(own.context.name)) contexts.push(own)
  return { contexts, problems }
}

const isMarked = (body: JsonObject): boolean =>
  listAt(body, 'extensions').some(item => textAt(item, 'name') === sandboxMark)

/** What a file says, or what is wrong with it; both where it is wrong since it was last read. */
type ParsedFile = { readonly file: string; readonly problem?: Message; readonly value?: JsonObject }
/** Files as they were parsed last: read anew each time, and parsed when they have changed. */
export type ParsedFiles = Map<string, { readonly text: string | null; readonly parsed: ParsedFile }>

async function readOne(file: string, kept: ParsedFiles): Promise<ParsedFile> {
  const known = kept.get(file)
  const keep = (text: string | null, read: ParsedFile): ParsedFile => {
    // A file that is half written, or cannot be read for a moment, takes nothing away: what it said is kept, and the problem told.
    const before = known?.parsed.value
    const parsed = read.problem !== undefined && before !== undefined ? { ...read, value: before } : read
    kept.set(file, { text, parsed })
    return parsed
  }
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (reason === 'ENOENT') return keep(null, { file })
    return keep(null, { file, problem: { key: 'cluster.fileUnreadable', params: { file, reason } } })
  }
  return known?.text === text ? known.parsed : keep(text, parseOne(file, text))
}

function parseOne(file: string, text: string): ParsedFile {
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: true })
  const wrong = document.errors[0]
  const broken = (line: number): ParsedFile => ({
    file,
    problem: { key: 'cluster.fileBroken', params: { file, line } },
  })
  // The parser's words may quote the file, and the file holds secrets: only the place is said.
  if (wrong) return broken(wrong.linePos?.[0].line ?? 1)
  const value = document.toJS() as Json
  if (value === null) return { file }
  return isObject(value) ? { file, value } : broken(1)
}

const given = <K extends string>(key: K, value: string | undefined) =>
  (value === undefined || value === '' ? {} : { [key]: value }) as { readonly [P in K]?: string }
const beside = (file: string, path: string | undefined): string | undefined =>
  path === undefined || path === '' || isAbsolute(path) ? path : join(dirname(file), path)

function clusterEntry({ file, body }: Placed): ClusterEntry {
  const execConfig = listAt(body, 'extensions').find(
    item => textAt(item, 'name') === 'client.authentication.k8s.io/exec',
  )
  return {
    server: (textAt(body, 'server') ?? '').replace(/\/+$/, ''),
    ...given('caFile', beside(file, textAt(body, 'certificate-authority'))),
    ...given('caData', textAt(body, 'certificate-authority-data')),
    insecure: valueAt(body, ['insecure-skip-tls-verify']) === true,
    ...given('serverName', textAt(body, 'tls-server-name')),
    ...given('proxyUrl', textAt(body, 'proxy-url')),
    compress: valueAt(body, ['disable-compression']) !== true,
    ...(execConfig && { execConfig: valueAt(execConfig, ['extension']) }),
  }
}

function userEntry({ file, body }: Placed): UserEntry {
  const provider = textAt(body, 'auth-provider', 'name')
  const exec = objectAt(body, 'exec')
  return {
    ...given('certFile', beside(file, textAt(body, 'client-certificate'))),
    ...given('certData', textAt(body, 'client-certificate-data')),
    ...given('keyFile', beside(file, textAt(body, 'client-key'))),
    ...given('keyData', textAt(body, 'client-key-data')),
    ...given('token', textAt(body, 'token')),
    ...given('tokenFile', beside(file, textAt(body, 'tokenFile'))),
    ...given('username', textAt(body, 'username')),
    ...given('password', textAt(body, 'password')),
    impersonate: impersonation(body),
    ...(textAt(exec, 'command') !== undefined && { exec: execEntry(file, exec) }),
    ...(provider !== undefined && {
      authProvider: { name: provider, config: textsAt(body, 'auth-provider', 'config') },
    }),
  }
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonation(body: JsonObject): UserEntry['impersonate'] {
  const groups = listAt(body, 'as-groups').filter(group => typeof group === 'string')
  const extra = Object.entries(objectAt(body, 'as-user-extra')).map(
    ([name, values]) =>
      [
        `Impersonate-Extra-${encodeURIComponent(name)}`,
        (Array.isArray(values) ? values : []).filter(value => typeof value === 'string'),
      ] as const,
  )
  return {
    ...given('Impersonate-User', textAt(body, 'as')),
    ...given('Impersonate-Uid', textAt(body, 'as-uid')),
    ...(groups.length > 0 && { 'Impersonate-Group': groups }),
    ...Object.fromEntries(extra),
  }
}

function execEntry(file: string, exec: JsonObject): ExecEntry {
  const command = textAt(exec, 'command') ?? ''
  return {
    apiVersion: textAt(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    command: /[\\/]/.test(command) ? (beside(file, command) ?? command) : command,
    args: listAt(exec, 'args').map(argument => textAt(argument) ?? ''),
    env: Object.fromEntries(listAt(exec, 'env').map(item => [textAt(item, 'name') ?? '', textAt(item, 'value') ?? ''])),
    installHint: textAt(exec, 'installHint') ?? '',
    wantsCluster: valueAt(exec, ['provideClusterInfo']) === true,
  }
}
