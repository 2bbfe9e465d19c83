import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeYaml } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { lineBreakAt } from '../yaml/text-lines.ts'
import { sameValue, valueAt, withoutValueAt, type YamlPath } from '../yaml/yaml-value.ts'

/** An object in a file: its document, and its place in it where that is a List. */
export type ObjectPlace = { readonly document: number; readonly path: YamlPath }

/**
 * Takes whole objects out of a file. What is left is read again and must be exactly the rest. Null when nothing is
 * left but comments.
 */
export function withoutObjects(text: string, places: readonly ObjectPlace[]): string | null {
  const documents = parseYaml(text)
  const whole = new Set(places.filter(({ path }) => path.length === 0).map(({ document }) => document))
  let now = text
  for (const [document, items] of Map.groupBy(places, place => place.document)) {
    if (whole.has(document)) continue
    const list = valueAt(documents[document]!.yaml.value, items[0]!.path.slice(0, -1))
    if (Array.isArray(list) && list.length === items.length) {
      whole.add(document)
      continue
    }
    const later = items.toSorted((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)))
    now = changeYaml(
      now,
      document,
      later.map(({ path }) => ({ op: 'delete', path })),
    )
  }
  for (const document of [...whole].sort((a, b) => b - a)) now = withoutDocument(now, document)
  const expected = documents.flatMap(({ yaml }, index) => {
    if (whole.has(index)) return []
    const gone = places
      .filter(place => place.document === index)
      .toSorted((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)))
    return [gone.reduce((value, { path }) => withoutValueAt(value, path), yaml.value)]
  })
  const left = parseYaml(now)
  const values = left.map(({ yaml }) => yaml.value).filter(value => value !== null)
  if (
    !sameValue(
      values,
      expected.filter(value => value !== null),
    )
  )
    throw new CannotEdit('edit.wouldChangeMore')
  // A document that cannot be read is nobody's to throw away.
  return values.length === 0 && left.every(({ yaml }) => yaml.errors.length === 0) ? null : now
}

const legal = /copyright|licen[cs]e|spdx/i

function withoutDocument(text: string, document: number): string {
  const documents = parseYaml(text)
  const { start, end } = documents[document]!
  const isLast = document === documents.length - 1
  if (!isLast) {
    // The comment at the top speaks of the file when it is a licence, and stays.
    const head = document === 0 ? licence(text.slice(start, end)) : ''
    return text.slice(0, start) + head + text.slice(end)
  }
  const before = text.slice(0, start)
  if (text.endsWith('\n') || before === '') return before
  // A file that ended without a line break goes on doing so.
  return before.slice(0, before.length - lineBreakAt(before, before.length - 1).length)
}

/** The leading comment block of a document, with the blank line after it, where it is a licence. */
function licence(chunk: string): string {
  const block = /^(?:[ \t]*#[^\n]*\n)+(?:[ \t]*\r?\n)*/.exec(chunk)?.[0] ?? ''
  return legal.test(block) ? block : ''
}
