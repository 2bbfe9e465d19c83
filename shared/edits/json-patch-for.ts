import { isYamlList, isYamlMap, sameValue, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation = {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: YamlValue
}

/**
 * The JSON patch that makes one value of another, with no more than what differs. For what a strategic merge cannot
 * say: it would replace every list of a custom resource as a whole, with all that a base says there.
 */
export function jsonPatchFor(before: YamlValue, after: YamlValue, path: YamlPath = []): readonly PatchOperation[] {
  if (sameValue(before, after)) return []
  if (isYamlMap(before) && isYamlMap(after)) return mapOperations(before, after, path)
  if (isYamlList(before) && isYamlList(after)) return listOperations(before, after, path)
  return [{ op: 'replace', path: pointerTo(path), value: after }]
}

function mapOperations(before: YamlMap, after: YamlMap, path: YamlPath): readonly PatchOperation[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): readonly PatchOperation[] => {
    const [old, now] = [before[key], after[key]]
    const at = [...path, key]
    if (now === undefined) return [{ op: 'remove', path: pointerTo(at) }]
    return old === undefined ? [{ op: 'add', path: pointerTo(at), value: now }] : jsonPatchFor(old, now, at)
  })
}

/** Items that were changed where they stand, added at the end or taken out; else the list as a whole. */
function listOperations(
  before: readonly YamlValue[],
  after: readonly YamlValue[],
  path: YamlPath,
): readonly PatchOperation[] {
  if (after.length >= before.length)
    return [
      ...before.flatMap((item, index) => jsonPatchFor(item, after[index]!, [...path, index])),
      ...after
        .slice(before.length)
        .map((value): PatchOperation => ({ op: 'add', path: `${pointerTo(path)}/-`, value })),
    ]
  const gone: number[] = []
  let at = 0
  for (const [index, item] of before.entries())
    if (at < after.length && sameValue(item, after[at]!)) at += 1
    else gone.push(index)
  if (at < after.length) return [{ op: 'replace', path: pointerTo(path), value: after }]
  // The last first, so that what is left keeps its place.
  return gone.reverse().map((index): PatchOperation => ({ op: 'remove', path: pointerTo([...path, index]) }))
}

const pointerTo = (path: YamlPath): string =>
  path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
