import { isObject, type Json, type JsonObject, objectAt, textAt, textsAt } from '../manifests/manifest.ts'

/**
 * An object as server-side apply takes it, also on servers before 1.21: without what only the server writes, in its
 * namespace, the protocol of each port said (https://github.com/kubernetes/kubernetes/issues/92332), quantities as
 * text, and a Secret's values as they are kept.
 */
export function applicable(object: JsonObject, namespace: string): JsonObject {
  const { status: _, metadata, stringData, ...rest } = object
  const {
    managedFields: __,
    creationTimestamp: ___,
    resourceVersion: ____,
    uid: _____,
    generation: ______,
    ...named
  } = objectAt(metadata)
  const plain: JsonObject = {
    ...rest,
    metadata: { ...named, ...(namespace !== '' && { namespace }) },
  }
  const secret =
    textAt(object, 'kind') === 'Secret' && stringData !== undefined
      ? { data: { ...objectAt(object, 'data'), ...encoded(textsAt(stringData)) } }
      : stringData === undefined
        ? {}
        : { stringData }
  const group = (textAt(object, 'apiVersion') ?? '').split('/').at(-2) ?? ''
  // What others define has schemas of its own.
  return group === '' || group === 'apps' || group === 'batch'
    ? { ...(spelled(plain) as JsonObject), ...secret }
    : { ...plain, ...secret }
}

function spelled(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(spelled)
  if (!isObject(value)) return value
  const copy: { [key: string]: Json } = {}
  for (const [key, item] of Object.entries(value)) {
    if (key === 'ports' && Array.isArray(item)) copy[key] = (item as readonly Json[]).map(withProtocol)
    else if ((key === 'requests' || key === 'limits') && isObject(item)) copy[key] = asTexts(item)
    // A ConfigMap may hold anything under any key.
    else copy[key] = key === 'data' || key === 'metadata' ? item : spelled(item)
  }
  return copy
}

const withProtocol = (port: Json): Json =>
  isObject(port) && (port['port'] !== undefined || port['containerPort'] !== undefined)
    ? { ...port, protocol: port['protocol'] ?? 'TCP' }
    : port

const asTexts = (amounts: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, typeof amount === 'number' ? String(amount) : amount]),
  )

/** The values of a Secret's `stringData`, as the server keeps them. */
export const encoded = (texts: { readonly [key: string]: string }): JsonObject =>
  Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      btoa(Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join('')),
    ]),
  )
