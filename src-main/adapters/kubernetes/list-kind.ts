import { AppError } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import type { Json } from '../../../shared/manifests/manifest.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { ObjectKind, ObjectScope } from '../../needs/cluster.ts'
import { type ApiLine, parseAnswer } from './api-line.ts'
import { collectionQuestion } from './object-path.ts'

/** Objects a page: what an API server reads from its store in one go without others noticing. */
const pageSize = 500
/** Lists begun anew when the history ran out between two pages; the last one is of one page. */
const tries = 3

export type Listed = {
  readonly objects: readonly LiveObject[]
  /** The version of each, in the same order: no object has its own. */
  readonly versions: readonly string[]
  /** Where a watch goes on from. */
  readonly version: string
}

/**
 * All objects of a scope, in pages. The next page is asked for before the last one is parsed, so the server works
 * while we do. `keepManagers` keeps `metadata.managedFields`, which are often half of an object.
 */
export async function listKind(
  line: ApiLine,
  kind: ObjectKind,
  scope: ObjectScope,
  keepManagers: boolean,
  signal: AbortSignal,
): Promise<Listed> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await listOnce(line, kind, scope, keepManagers, attempt < tries, signal)
    } catch (error) {
      if (!(error instanceof AppError) || error.key !== 'cluster.historyGone' || attempt >= tries) throw error
    }
}

async function listOnce(
  line: ApiLine,
  kind: ObjectKind,
  scope: ObjectScope,
  keepManagers: boolean,
  inPages: boolean,
  signal: AbortSignal,
): Promise<Listed> {
  const ask = (token: string | undefined): Promise<string> =>
    line.text(
      collectionQuestion('list', kind, scope, { limit: inPages ? String(pageSize) : undefined, continue: token }),
      signal,
    )
  const objects: LiveObject[] = []
  const versions: string[] = []
  let version = ''
  let page: Promise<string> | null = ask(undefined)
  while (page) {
    const text: string = await page
    const early = tokenAtHead(text)
    page = early === undefined ? null : ask(early)
    // A page that is not waited for, because this one is broken, must not fail unheard.
    page?.catch(() => {})
    const list = parseAnswer(text, line.context)
    version = textAt(list, 'metadata', 'resourceVersion') ?? ''
    for (const item of itemsOf(list)) {
      versions.push(textAt(item, 'metadata', 'resourceVersion') ?? '')
      objects.push(asObject(item, kind, keepManagers))
    }
    const token = textAt(list, 'metadata', 'continue')
    if (!page && token !== undefined && token !== '') page = ask(token)
  }
  return { objects, versions, version }
}

/** The token of the next page, where the list's own metadata stand before its items, as Kubernetes writes them. */
function tokenAtHead(text: string): string | undefined {
  const head = text.slice(0, 2000)
  const items = head.indexOf('"items"')
  return /"metadata":\{[^{}]*"continue":"([\w=+/-]+)"/.exec(items < 0 ? head : head.slice(0, items))?.[1]
}

type MutableObject = { [key: string]: Json }

function itemsOf(list: Json): readonly MutableObject[] {
  const items = typeof list === 'object' && list !== null && 'items' in list ? list.items : undefined
  // Fresh from the parser: nobody else holds them.
  return Array.isArray(items) ? (items as MutableObject[]) : []
}

/**
 * An object as the core knows it: with its kind, without the server's version of it. `object` is changed in place: it
 * comes from the parser, and copies of ten thousand would be felt.
 */
export function asObject(
  object: MutableObject,
  { group, version, kind }: ObjectKind,
  keepManagers: boolean,
): LiveObject {
  object['apiVersion'] ??= group === '' ? version : `${group}/${version}`
  object['kind'] ??= kind
  const metadata = object['metadata'] as MutableObject | undefined
  if (metadata) {
    delete metadata['resourceVersion']
    if (!keepManagers) delete metadata['managedFields']
  }
  return object
}
