/** Where a request's path leads. */
export type Place =
  | { readonly kind: 'resource'; readonly group: string; readonly version: string; readonly at: ResourcePath }
  | { readonly kind: 'group-version'; readonly group: string; readonly version: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'other'; readonly path: string }

export type ResourcePath = {
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
  /** What follows the subresource, as a proxy's path does; starts with a slash or is empty. */
  readonly rest: string
}

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`. */
export function readPath(path: string): Place {
  const parts = path
    .split('/')
    .slice(1)
    .filter((part, index, all) => part !== '' || index < all.length - 1)
  const decoded = parts.map(decodeURIComponent)
  if (decoded[0] === 'api' && decoded.length >= 2) return within('', decoded[1]!, decoded.slice(2), path)
  if (decoded[0] === 'apis' && decoded.length === 2) return { kind: 'group', group: decoded[1]! }
  if (decoded[0] === 'apis' && decoded.length >= 3) return within(decoded[1]!, decoded[2]!, decoded.slice(3), path)
  return { kind: 'other', path: `/${parts.join('/')}` }
}

function within(group: string, version: string, parts: readonly string[], path: string): Place {
  if (parts.length === 0) return { kind: 'group-version', group, version }
  const own = parts[0] === 'namespaces' && group === ''
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2 && !(own && /^(status|finalize)$/.test(parts[2]!))
  const [resource, name, subresource, ...rest] = isNamespaced ? parts.slice(2) : parts
  const tail = rest.length > 0 ? `/${rest.join('/')}` : ''
  return {
    kind: 'resource',
    group,
    version,
    at: {
      resource: resource!,
      namespace: isNamespaced ? parts[1] : undefined,
      name,
      subresource,
      rest: tail !== '' && path.endsWith('/') ? `${tail}/` : tail,
    },
  }
}
