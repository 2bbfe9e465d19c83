import type { Right } from '../../../shared/clusters/contract.ts'
import { Callout, useFormat, useText } from '../../design/index.ts'

/** A right in one line, as RBAC and `kubectl auth can-i` name it: `list deployments.apps in shop`. */
export function useRightWords(): (right: Right) => string {
  const text = useText()
  return ({ verb, group, resource, namespace }) => {
    const [plain = '', sub] = resource.split('/')
    const named = `${plain}${group === '' ? '' : `.${group}`}${sub === undefined ? '' : `/${sub}`}`
    return namespace === null
      ? text('live.rightEverywhere', { verb, resource: named })
      : text('live.rightIn', { verb, resource: named, namespace })
  }
}

/** Why an action is not offered: the rights that are missing for it; undefined where none is. */
export function useLacked(): (missing: readonly Right[] | undefined) => string | undefined {
  const text = useText()
  const format = useFormat()
  const words = useRightWords()
  return (missing = []) => {
    if (missing.length === 0) return undefined
    const left = missing.length - mostRights
    const named = missing.slice(0, mostRights).map(words)
    return text('live.missingRight', {
      right: format.list(left > 0 ? [...named, text('live.more', { count: left })] : named),
    })
  }
}
/** More of them are counted. */
const mostRights = 3

/** Of one verb and namespace; more of them are counted. */
const mostResources = 4

/** What is not shown because it may not be read, or that it is all there is (`nothing`); resources of the same verb and namespace on one line. */
export function MissingRights({ missing, nothing = false }: { missing: readonly Right[]; nothing?: boolean }) {
  const text = useText()
  const words = useRightWords()
  if (missing.length === 0) return null
  const lines = [...Map.groupBy(missing, ({ verb, namespace }) => `${verb} ${namespace}`)].map(([key, rights]) => {
    const [first] = rights
    const resources = rights.map(({ resource, group }) => (group === '' ? resource : `${resource}.${group}`))
    const named = (most: readonly string[]): string => words({ ...first!, group: '', resource: most.join(', ') })
    const left = resources.length - mostResources
    return left > 1
      ? { key, line: named(resources.slice(0, mostResources)), left, all: named(resources) }
      : { key, line: named(resources), left: 0, all: undefined }
  })
  return (
    <Callout tone="warn" title={text(nothing ? 'live.nothingReadable' : 'live.missingTitle')}>
      <ul>
        {lines.slice(0, 6).map(({ key, line, left, all }) => (
          <li key={key} title={all}>
            <code>{line}</code>
            {left > 0 && ` ${text('live.more', { count: left })}`}
          </li>
        ))}
        {lines.length > 6 && <li>{text('live.more', { count: lines.length - 6 })}</li>}
      </ul>
    </Callout>
  )
}
