import type { LocatedResource } from '../manifests/locate-resource.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeYaml } from '../yaml/change-yaml.ts'
import { documentStyle } from '../yaml/document-style.ts'
import { blockMap } from '../yaml/format-value.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlList, sameValue, valueAt, type YamlMap } from '../yaml/yaml-value.ts'

/** A new object, and the one whose manner of writing it follows. */
export type Addition = { readonly object: YamlMap; readonly like: LocatedResource }

/** Objects at the end of the List their neighbours are in. */
export function intoList(text: string, additions: readonly Addition[]): string {
  return additions.reduce((now, { object, like }) => {
    const path = like.path.slice(0, -1)
    const list = valueAt(parseYaml(now)[like.document]!.yaml.value, path)
    const index = isYamlList(list) ? list.length : 0
    return changeYaml(now, like.document, [{ op: 'insert', path, index, value: object }])
  }, text)
}

/** Objects at the end of a file, each in a document of its own. */
export function appended(text: string, additions: readonly Addition[]): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const isFinished = text === '' || text.endsWith('\n')
  const last = parseYaml(text).at(-1)!
  const isOpen = last.yaml.errors.length === 0 && last.yaml.value === null && /^---/m.test(last.yaml.text)
  let now = isFinished ? text : text + lineBreak
  additions.forEach(({ object, like }, index) => {
    if (index > 0 || !isOpen) now += `---${lineBreak}`
    now += printed(object, like, lineBreak)
  })
  const out = isFinished ? now : now.slice(0, now.length - lineBreak.length)
  const before = parseYaml(text).filter(({ yaml }) => yaml.value !== null)
  const after = parseYaml(out).filter(({ yaml }) => yaml.value !== null)
  const expected = [...before.map(({ yaml }) => yaml.value), ...additions.map(({ object }) => object)]
  if (
    !sameValue(
      after.map(({ yaml }) => yaml.value),
      expected,
    )
  )
    throw new CannotEdit('edit.wouldChangeMore')
  return out
}

export const printed = (object: YamlMap, like: LocatedResource, lineBreak: string): string =>
  blockMap(object, documentStyle(like.placed.yaml))
    .map(line => line + lineBreak)
    .join('')
