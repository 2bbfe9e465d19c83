import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { diffArrays } from 'diff'
import { expect, test } from 'vitest'
import { findEnvironments } from '../environments/find-environments.ts'
import { type LocatedResource, resourcesIn } from '../manifests/locate-resource.ts'
import { podTemplatePath, textMap } from '../manifests/pod-template.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { valueAt } from '../yaml/yaml-value.ts'
import { applyEdit } from './apply-edits.ts'
import type { Edit } from './edit.ts'
import { invertEdit } from './invert-edit.ts'
import { podLabels, selects } from './service-parts.ts'

/** Adds, removes and renames every workload of every environment of the corpus, one at a time. */
const corpus = process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')
const repositories = existsSync(corpus) ? globSync('dev/*/repo', { cwd: corpus }).sort() : []

test('every service of the corpus is renamed, removed and given a neighbour', { timeout: 300_000 }, () => {
  if (repositories.length === 0) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  const tally = new Map<string, number>()
  const refusals = new Map<string, string>()
  for (const repository of repositories) {
    const root = join(corpus, repository)
    const all = new Map(
      globSync('**/*.{yaml,yml,json}', { cwd: root }).map(path => [path, readFileSync(join(root, path), 'utf8')]),
    )
    const environments = findEnvironments([...all].map(([path, text]) => readManifestFile(path, text)))
    for (const environment of environments) {
      const folder = environment.path.replace(/\/[^/]*\.(ya?ml|json)$/, '')
      const files = new Map(
        [...all].filter(
          ([path]) => environment.files.includes(path) || (path.startsWith(`${folder}/`) && /kustomization/.test(path)),
        ),
      )
      const workloads = environment.files
        .flatMap(file => resourcesIn(file, all.get(file)!))
        .filter(({ value }) => podTemplatePath(value) !== undefined)
      for (const workload of workloads) {
        const { ref, value } = workload
        const image = String(valueAt(value, [...podTemplatePath(value)!, 'spec', 'containers', 0, 'image']))
        const edits: Edit[] = [
          { kind: 'rename-service', resource: ref, to: 'swept-name' },
          { kind: 'remove-service', resource: ref },
          { kind: 'add-service', like: ref, name: 'swept-name', image, port: 4321, env: [{ name: 'A', value: 'on' }] },
        ]
        for (const edit of edits) {
          const outcome = applyEdit(files, edit)
          const count = (what: string) =>
            tally.set(`${edit.kind} ${what}`, (tally.get(`${edit.kind} ${what}`) ?? 0) + 1)
          count('tried')
          if (outcome.kind !== 'applied') {
            count(outcome.kind)
            if (outcome.kind === 'refused')
              refusals.set(outcome.reason.key, `${repository} ${ref.file}: ${translate('en', outcome.reason)}`)
            continue
          }
          const where = `${repository} ${JSON.stringify(edit)}`
          const after = new Map(files)
          for (const [path, text] of outcome.files) text === null ? after.delete(path) : after.set(path, text)
          check(edit, workload, files, after, where)
          let undone = new Map(after)
          for (const inverse of invertEdit(files, edit)) {
            const back = applyEdit(undone, inverse)
            if (back.kind !== 'applied') expect.fail(`${where} undone: ${back.kind}`)
            undone = new Map(undone)
            for (const [path, text] of back.files) text === null ? undone.delete(path) : undone.set(path, text)
          }
          if (!isDeepStrictEqual(undone, files)) expect.fail(`${where} undone is not what it was`)
        }
      }
    }
  }
  console.log(
    [...tally]
      .sort()
      .map(([what, count]) => `${what}: ${count}`)
      .join('\n'),
    [...refusals],
  )
})

const objects = (files: ReadonlyMap<string, string>) => [...files].flatMap(([file, text]) => resourcesIn(file, text))
const nameOf = ({ ref }: LocatedResource) => `${ref.file} ${ref.kind} ${ref.namespace ?? ''} ${ref.name}`

function check(
  edit: Edit,
  workload: LocatedResource,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  where: string,
): void {
  const [old, now] = [objects(before), objects(after)]
  if (edit.kind === 'rename-service') {
    if (old.length !== now.length) expect.fail(`${where}: ${old.length} objects, then ${now.length}`)
    const lines = [...after].flatMap(([path, text]) =>
      text === before.get(path) ? [] : diffArrays(before.get(path)!.split('\n'), text.split('\n')),
    )
    for (const part of lines)
      if (part.added) for (const line of part.value) if (!line.includes('swept-name')) expect.fail(`${where}: ${line}`)
    // Who selected its Pods still does, and no more: a selector and its labels change together.
    const renamed = now.find(({ ref }) => ref.kind === workload.ref.kind && ref.name === 'swept-name')
    if (!renamed) expect.fail(`${where}: gone`)
    const selecting = (list: readonly LocatedResource[], of: LocatedResource) =>
      list.filter(
        object =>
          object.ref.kind === 'Service' &&
          selects(textMap(valueAt(object.value, ['spec', 'selector'])), podLabels(of.value)),
      ).length
    const was = old.find(object => nameOf(object) === nameOf(workload))!
    if (selecting(old, was) !== selecting(now, renamed!)) expect.fail(`${where}: other Services select it`)
  }
  if (edit.kind === 'remove-service') {
    const left = now.map(object => [nameOf(object), object.value])
    const kept = old.filter(object => now.some(other => nameOf(other) === nameOf(object)))
    if (
      !isDeepStrictEqual(
        left,
        kept.map(object => [nameOf(object), object.value]),
      )
    )
      expect.fail(`${where}: others changed`)
    if (now.some(object => nameOf(object) === nameOf(workload) && object.ref.ordinal === workload.ref.ordinal))
      expect.fail(`${where}: still there`)
  }
  if (edit.kind === 'add-service') {
    const added = now.filter(object => !old.some(other => nameOf(other) === nameOf(object)))
    expect(added.map(({ ref }) => ref.kind).sort(), where).toContain('Service')
    expect(
      added.every(({ ref }) => ref.name === 'swept-name'),
      where,
    ).toBe(true)
    const others = now.filter(object => !added.includes(object))
    if (
      !isDeepStrictEqual(
        others.map(object => object.value),
        old.map(object => object.value),
      )
    )
      expect.fail(`${where}: others changed`)
    for (const [path, text] of after) {
      const was = before.get(path)
      if (was === undefined || was === text) continue
      const gone = diffArrays(was.split('\n'), text.split('\n')).filter(part => part.removed)
      if (gone.some(part => part.value.join('') !== ''))
        expect.fail(`${where}: ${path} lost ${gone.map(part => part.value)}`)
    }
  }
}
