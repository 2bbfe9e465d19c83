import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { diffArrays } from 'diff'
import { expect, test } from 'vitest'
import { parseAllDocuments, type Tags } from 'yaml'
import { resourcesIn } from '../manifests/locate-resource.ts'
import { podTemplatePath } from '../manifests/pod-template.ts'
import { translate } from '../messages/index.ts'
import { parseLoose } from '../yaml/parse-loose.ts'
import { splitDocuments } from '../yaml/split-documents.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'
import { applyEdit } from './apply-edits.ts'
import type { Edit, EnvValue } from './edit.ts'
import { invertEdit } from './invert-edit.ts'

/**
 * Every kind of field edit at every place of the corpus where it fits. What the text means is read by the `yaml`
 * package with YAML 1.1, not by our own reader, and what is meant is worked out on plain objects here.
 */
const corpus = process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')

// biome-ignore lint/suspicious/noExplicitAny: plain objects of any shape are changed by hand here.
type Loose = any
type Place = {
  readonly edit: Edit
  readonly mutate: (object: Loose) => void
  readonly oneLine: boolean
  readonly folded?: boolean
}

const tally = new Map<string, { tried: number; applied: number; unchanged: number }>()
const refusals = new Map<string, { count: number; example: string }>()

const variants: readonly (readonly [string, (text: string) => string | null])[] = [
  ['as it is', text => text],
  ['CRLF', text => text.replace(/\r?\n/g, '\r\n')],
  ['BOM', text => `\ufeff${text}`],
  ['no final newline', text => text.replace(/[\r\n]+$/, '')],
  ['4 spaces', reprinted({ indent: 4, indentSeq: true })],
  ['dashes at the key', reprinted({ indent: 2, indentSeq: false })],
  ['JSON', asJson],
  [
    'mixed endings',
    text =>
      text
        .split('\n')
        .map((line, index) => (index % 3 === 1 ? `${line}\r` : line))
        .join('\n'),
  ],
]

function reprinted(options: { indent: number; indentSeq: boolean }): (text: string) => string | null {
  return text => {
    const documents = parseAllDocuments(text, { uniqueKeys: false, strict: false, schema: 'failsafe' })
    if (!Array.isArray(documents) || documents.some(document => document.errors.length > 0)) return null
    return documents.map(document => document.toString({ ...options, lineWidth: 0 })).join('')
  }
}

function asJson(text: string): string | null {
  const [object, ...more] = meaning(text) ?? []
  return object === undefined || object === null || more.length > 0 ? null : `${JSON.stringify(object, null, 2)}\n`
}

const asKubectlReads = (tags: Tags): Tags =>
  tags.filter(
    tag =>
      typeof tag === 'string' ||
      (tag.format !== 'TIME' && !/:(timestamp|binary|omap|pairs|set)$/.test(String(tag.tag))),
  )

/** What a text means to the reference parser; null when it cannot be read. */
function meaning(text: string): Loose[] | null {
  const documents = parseLoose(text, {
    version: '1.1',
    customTags: asKubectlReads,
    uniqueKeys: false,
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  if (documents.some(document => document.errors.length > 0)) return null
  return documents.map(document => document.toJS())
}

const files = existsSync(corpus) ? globSync('**/*.{yaml,yml}', { cwd: corpus }).sort() : []
const read = (file: string) => readFileSync(join(corpus, file), 'utf8')

test('every kind of field edit at every place of the corpus', { timeout: 300_000 }, () => {
  if (files.length === 0) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  const started = performance.now()
  const seen = new Set<string>()
  let documents = 0
  for (const file of files) {
    const text = read(file)
    for (const { start, end } of splitDocuments(text)) {
      const chunk = text.slice(start, end)
      // Rendered forms repeat whole documents; each is tried once.
      if (seen.has(chunk)) continue
      seen.add(chunk)
      documents += 1
      sweep(file, chunk, places(file, chunk))
    }
  }
  report('each place once', documents, started)
})

test('variants of the corpus: line endings, byte order mark, indentation, JSON', { timeout: 300_000 }, () => {
  if (files.length === 0) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  const started = performance.now()
  const seen = new Set<string>()
  let documents = 0
  for (const file of files) {
    const text = read(file)
    for (const { start, end } of splitDocuments(text)) {
      const chunk = text.slice(start, end)
      if (seen.has(chunk) || chunk.length > 20_000) continue
      seen.add(chunk)
      documents += 1
      const variant = variants[1 + (documents % (variants.length - 1))]!
      const varied = variant[1](chunk)
      if (varied === null) continue
      // One place of each kind in a document, the last: where indentation and the end of the file matter most.
      const byKind = Map.groupBy(places(file, varied), place => place.edit.kind)
      sweep(
        `${file} (${variant[0]})`,
        varied,
        [...byKind.values()].flatMap(group => [group.at(-1)!]),
      )
    }
  }
  report('variants', documents, started)
})

test('edits in files of many documents leave the other documents alone', { timeout: 300_000 }, () => {
  if (files.length === 0) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  let tried = 0
  for (const file of files) {
    const text = read(file)
    const spans = splitDocuments(text)
    const resources = resourcesIn(file, text)
    if (spans.length < 2 || resources.length < 2) continue
    for (const resource of [resources[0]!, resources.at(-1)!]) {
      const edit: Edit = {
        kind: 'set-metadata',
        resource: resource.ref,
        at: 'object',
        field: 'annotations',
        key: 'swept.example/value',
        value: 'yes',
      }
      const outcome = applyEdit(new Map([[file, text]]), edit)
      expect(outcome.kind).toBe('applied')
      if (outcome.kind !== 'applied') continue
      const after = outcome.files.get(file)!
      const { start, end } = spans[resource.document]!
      expect(after.startsWith(text.slice(0, start))).toBe(true)
      expect(after.endsWith(text.slice(end))).toBe(true)
      tried += 1
    }
  }
  console.log(`many documents: ${tried} edits`)
})

function report(what: string, documents: number, started: number): void {
  const total = [...tally.values()].reduce((sum, { tried }) => sum + tried, 0)
  const lines = [`${what}: ${total} edits on ${documents} documents in ${Math.round(performance.now() - started)} ms`]
  for (const [kind, { tried, applied, unchanged }] of [...tally].sort())
    lines.push(
      `  ${kind}: ${tried} tried, ${applied} applied, ${unchanged} unchanged, ${tried - applied - unchanged} refused`,
    )
  for (const [reason, { count, example }] of refusals) lines.push(`  refused ${count}×: ${reason} (${example})`)
  console.log(lines.join('\n'))
  tally.clear()
  refusals.clear()
}

function sweep(name: string, text: string, found: readonly Place[]): void {
  if (found.length === 0) return
  const file = 'manifest.yaml'
  const files = new Map([[file, text]])
  const before = meaning(text)
  for (const { edit, mutate, oneLine, folded } of found) {
    const count = tally.get(edit.kind) ?? { tried: 0, applied: 0, unchanged: 0 }
    tally.set(edit.kind, count)
    count.tried += 1
    const outcome = applyEdit(files, edit)
    const where = () => `${name} ${JSON.stringify(edit)}`
    if (outcome.kind === 'refused') {
      const reason = translate('en', outcome.reason)
      const known = refusals.get(outcome.reason.key) ?? { count: 0, example: `${name}: ${reason}` }
      refusals.set(outcome.reason.key, { ...known, count: known.count + 1 })
      continue
    }
    if (outcome.kind === 'unchanged') {
      count.unchanged += 1
      continue
    }
    count.applied += 1
    const after = outcome.files.get(file)!
    // It means exactly what was meant.
    const meant = structuredClone(before) as Loose[]
    mutate(meant[0])
    const means = meaning(after)
    if (!isDeepStrictEqual(means, meant)) expect(means, where()).toEqual(meant)
    // Only lines of the field differ.
    const { removed, added, at } = lineDifference(text, after)
    if (oneLine) {
      if (removed.length !== 1 || added.length !== 1)
        expect.fail(`${where()}\n-${removed.join('\n-')}\n+${added.join('\n+')}`)
      // A value below its key is told by the line of the key.
      const below = /(:|^\s*-)\s+[>|][-+\d]*\s*$|:\s*$/.test(text.split('\n')[at - 1] ?? '') ? at : at + 1
      const told = outcome.changes[0]?.line
      if (told !== at + 1 && told !== below) expect.fail(`${where()} says line ${told}, not ${at + 1}`)
    } else {
      // Lines are added or taken out; hardly one is another (brackets may stand on two, a plain text on several).
      const most = folded ? 20 : edit.kind === 'set-arguments' ? 2 : 1
      if (Math.min(removed.length, added.length) > most)
        expect.fail(`${where()}\n-${removed.join('\n-')}\n+${added.join('\n+')}`)
    }
    if (outcome.changes.length === 0) expect.fail(`${where()} says no change`)
    // Undo gives back the bytes.
    let undone = new Map([[file, after]])
    for (const inverse of invertEdit(files, edit)) {
      const back = applyEdit(undone, inverse)
      if (back.kind !== 'applied') expect.fail(`${where()} undone by ${JSON.stringify(inverse)}: ${back.kind}`)
      else undone = new Map([[file, back.files.get(file)!]])
    }
    if (undone.get(file) !== text) expect.fail(`${where()} undone is not what it was`)
  }
}

function lineDifference(a: string, b: string): { removed: string[]; added: string[]; at: number } {
  const [x, y] = [a.split('\n'), b.split('\n')]
  let head = 0
  while (head < x.length && head < y.length && x[head] === y[head]) head += 1
  let tail = 0
  while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail])
    tail += 1
  const parts = diffArrays(x.slice(head, x.length - tail), y.slice(head, y.length - tail))
  return {
    removed: parts.flatMap(part => (part.removed ? part.value : [])),
    added: parts.flatMap(part => (part.added ? part.value : [])),
    at: head,
  }
}

const at = (object: Loose, path: YamlPath): Loose => path.reduce<Loose>((now, step) => now?.[step], object)
/** Makes the maps on the way, as an edit does. */
function put(object: Loose, path: YamlPath, value: unknown): void {
  const parent = path.slice(0, -1).reduce<Loose>((now, step) => {
    now[step] ??= {}
    return now[step]
  }, object)
  parent[path.at(-1)!] = value
}
/** Takes a key out, and maps and lists above it that are left empty, down to `keep`. */
function take(object: Loose, path: YamlPath, keep: number): void {
  const parent = at(object, path.slice(0, -1))
  if (Array.isArray(parent)) parent.splice(path.at(-1) as number, 1)
  else delete parent[path.at(-1)!]
  const empty = Array.isArray(parent) ? parent.length === 0 : Object.keys(parent).length === 0
  if (empty && path.length - 2 >= keep) take(object, path.slice(0, -1), keep)
}

/** Every place of one document where a field edit fits, with what it must come to mean. */
function places(name: string, text: string): Place[] {
  const found: Place[] = []
  let turn = 0
  for (const { ref, value, path: base } of resourcesIn('manifest.yaml', text)) {
    const resource = ref
    const add = (edit: Edit, mutate: (object: Loose) => void, oneLine: boolean, folded = false) =>
      found.push({ edit, mutate: document => mutate(at(document, base)), oneLine, folded })
    const single = (path: YamlPath) => {
      const was = valueAt(value, path)
      return (
        (typeof was === 'number' || typeof was === 'string') &&
        !String(was).includes('\n') &&
        isOneLine(text, String(was))
      )
    }
    const template = podTemplatePath(value)
    if (template && !['DaemonSet', 'Job', 'CronJob', 'Pod', 'PodTemplate'].includes(ref.kind))
      add(
        { kind: 'set-replicas', resource, replicas: 7 },
        object => put(object, ['spec', 'replicas'], 7),
        single(['spec', 'replicas']),
      )
    for (const target of ['object', 'template'] as const) {
      if (target === 'template' && !template) continue
      const metadata: YamlPath = target === 'object' ? ['metadata'] : [...template!, 'metadata']
      for (const field of ['labels', 'annotations'] as const) {
        const set = (key: string, next: string) =>
          add(
            { kind: 'set-metadata', resource, at: target, field, key, value: next },
            object => put(object, [...metadata, field, key], next),
            single([...metadata, field, key]),
          )
        set('swept.example/new', 'on')
        const keys = Object.keys((valueAt(value, [...metadata, field]) as YamlMap | null) ?? {})
        for (const key of keys) {
          if (target === 'template' && isSelected(value, key)) continue
          if (turn++ % 2) {
            add(
              { kind: 'set-metadata', resource, at: target, field, key, value: null },
              object => take(object, [...metadata, field, key], metadata.length),
              false,
            )
            continue
          }
          const long = String(valueAt(value, [...metadata, field, key])).includes('\n')
          if (!long) set(key, ['0755', 'plain', 'with: colon #x'][turn % 3]!)
        }
      }
    }
    if (ref.kind === 'HorizontalPodAutoscaler')
      for (const field of ['minReplicas', 'maxReplicas'] as const)
        add(
          { kind: 'set-autoscaling', resource, field, value: 21 },
          object => put(object, ['spec', field], 21),
          single(['spec', field]),
        )
    if (ref.kind === 'Service') {
      const ports = valueAt(value, ['spec', 'ports'])
      for (const [index, port] of (isYamlList(ports) ? ports : []).entries()) {
        if (!isYamlMap(port) || typeof port['port'] !== 'number') continue
        const number = port['port']
        const twins = (ports as YamlMap[]).flatMap((one, at) => (one['port'] === number ? [at] : []))
        if (twins.length > 1 || twins[0] !== index) continue
        const path = ['spec', 'ports', index]
        const set = (field: 'port' | 'targetPort' | 'nodePort', next: number | string) =>
          add(
            { kind: 'set-service-port', resource, port: number, field, value: next },
            object => put(object, [...path, field], next),
            single([...path, field]),
          )
        set('port', 4321)
        set('targetPort', turn++ % 2 ? 'web' : 4322)
        const type = valueAt(value, ['spec', 'type'])
        if (type === 'NodePort' || type === 'LoadBalancer') set('nodePort', 30123)
        if (port['targetPort'] !== undefined)
          add(
            { kind: 'set-service-port', resource, port: number, field: 'targetPort', value: null },
            object => take(object, [...path, 'targetPort'], path.length),
            false,
          )
      }
    }
    if (template) containerPlaces(value, template)

    function containerPlaces(workload: YamlMap, pod: YamlPath): void {
      const names = new Set<string>()
      for (const list of ['containers', 'initContainers']) {
        const containers = valueAt(workload, [...pod, 'spec', list])
        for (const [index, container] of (isYamlList(containers) ? containers : []).entries()) {
          if (!isYamlMap(container) || typeof container['name'] !== 'string' || names.has(container['name'])) continue
          names.add(container['name'])
          onContainer(container['name'], container, [...pod, 'spec', list, index])
        }
      }
    }
    function onContainer(container: string, content: YamlMap, path: YamlPath): void {
      add(
        { kind: 'set-image', resource, container, image: 'registry.example:5000/team/app:v9' },
        object => put(object, [...path, 'image'], 'registry.example:5000/team/app:v9'),
        single([...path, 'image']),
      )
      for (const field of ['command', 'args'] as const) {
        const list = content[field]
        const items = isYamlList(list) ? list.map(String) : []
        const set = (values: string[] | null, oneLine: boolean) =>
          add(
            { kind: 'set-arguments', resource, container, field, values },
            object => {
              if (values === null) take(object, [...path, field], path.length)
              else {
                const was = at(object, [...path, field])
                put(
                  object,
                  [...path, field],
                  values.map((value, n) => (String(was?.[n]) === value ? was[n] : value)),
                )
              }
            },
            oneLine,
          )
        if (items.length === 0) {
          set(['--new=0x10'], false)
          continue
        }
        const ways = [
          () => set([...items, '--new=0x10'], false),
          () => set(items.with(0, '--first=1'), single([...path, field, 0])),
          () => set(items.length > 1 ? items.slice(0, -1) : null, false),
          () => set([items[0]!, '--between', ...items.slice(1), '--last'], false),
          () => set(null, false),
        ]
        ways[turn++ % ways.length]!()
      }
      const env = isYamlList(content['env']) ? content['env'] : []
      const setEnv = (
        name: string,
        value: EnvValue | null,
        mutate: (object: Loose) => void,
        oneLine: boolean,
        folded = false,
      ) => add({ kind: 'set-env', resource, container, name, value }, mutate, oneLine, folded)
      const list = [...path, 'env']
      const append = (variable: unknown) => (object: Loose) =>
        put(object, list, [...(at(object, list) ?? []), variable])
      setEnv('SWEPT_NEW', { value: 'off' }, append({ name: 'SWEPT_NEW', value: 'off' }), false)
      setEnv(
        'SWEPT_SECRET',
        { secret: { name: 's', key: 'k' } },
        append({ name: 'SWEPT_SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
        false,
      )
      const counts = Map.groupBy(env, item => (isYamlMap(item) ? String(item['name']) : ''))
      for (const [index, item] of env.entries()) {
        if (!isYamlMap(item) || typeof item['name'] !== 'string' || counts.get(item['name'])!.length > 1) continue
        const { name } = item as { name: string }
        const place = [...list, index]
        const next = ['1_000', 'http://cart.shop.svc:7070/a?b=c', 'null', 'plain', ''][turn++ % 5]!
        const way = turn % 3
        if (way === 0) {
          setEnv(name, null, object => take(object, place, path.length), false)
        } else if (item['valueFrom'] !== undefined) {
          setEnv(
            name,
            { value: next },
            object => {
              take(object, [...place, 'valueFrom'], place.length)
              put(object, [...place, 'value'], next)
            },
            false,
          )
        } else if (way === 1) {
          setEnv(
            name,
            { value: next },
            object => put(object, [...place, 'value'], next),
            single([...place, 'value']),
            true,
          )
        } else {
          setEnv(
            name,
            { configMap: { name: 'c', key: 'k' } },
            object => {
              take(object, [...place, 'value'], place.length)
              put(object, [...place, 'valueFrom'], { configMapKeyRef: { name: 'c', key: 'k' } })
            },
            false,
            !isOneLine(text, String(item['value'] ?? '')),
          )
        }
      }
      for (const section of ['requests', 'limits'] as const)
        for (const resourceName of ['cpu', 'memory', 'ephemeral-storage']) {
          const field = [...path, 'resources', section, resourceName]
          const was = valueAt(content, ['resources', section, resourceName])
          const quantity = resourceName === 'cpu' ? '1500m' : '3Gi'
          if (was === undefined || turn++ % 2) {
            add(
              { kind: 'set-resources', resource, container, section, resourceName, quantity },
              object => put(object, field, quantity),
              single(field),
            )
            continue
          }
          add(
            { kind: 'set-resources', resource, container, section, resourceName, quantity: null },
            object => take(object, field, path.length),
            false,
          )
        }
      for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
        const content = valueAt(value, [...path, probe])
        const set = (field: string[], next: string | number) =>
          add(
            { kind: 'set-probe', resource, container, probe, field, value: next },
            object => put(object, [...path, probe, ...field], next),
            single([...path, probe, ...field]),
          )
        set(['periodSeconds'], 17)
        if (!isYamlMap(content)) continue
        if (isYamlMap(content['httpGet'])) set(['httpGet', 'path'], '/swept?on=yes')
        for (const [field, was] of Object.entries(content)) {
          if (typeof was === 'object') continue
          add(
            { kind: 'set-probe', resource, container, probe, field: [field], value: null },
            object => take(object, [...path, probe, field], path.length),
            false,
          )
        }
      }
    }
  }
  expect(name).toBeTruthy()
  return found
}

/** A value whose text stands on one line of the file, so that a change of it is a change of one line. */
const isOneLine = (text: string, value: string): boolean => value === '' || text.includes(value)

function isSelected(resource: YamlMap, key: string): boolean {
  const selector = valueAt(resource, ['spec', 'selector'])
  const labels = isYamlMap(selector) && isYamlMap(selector['matchLabels']) ? selector['matchLabels'] : selector
  return isYamlMap(labels) && Object.hasOwn(labels, key)
}

test('reading a file changes nothing', () => {
  if (files.length === 0) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  for (const file of files) {
    const text = read(file)
    const spans = splitDocuments(text)
    const bom = text.startsWith('\ufeff') ? '\ufeff' : ''
    expect(bom + spans.map(({ start, end }) => text.slice(start, end)).join(''), relative(corpus, file)).toBe(text)
  }
})
