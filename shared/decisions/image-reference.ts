/**
 * Splits an image reference as the OCI distribution reference grammar does: `name[:tag][@digest]`. A colon before the
 * last slash belongs to a registry's port.
 */
export function splitImage(image: string): { readonly name: string; readonly version: string } {
  const [named = '', digest] = image.split('@', 2)
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  const name = colon < 0 ? named : named.slice(0, colon)
  const tag = colon < 0 ? '' : named.slice(colon + 1)
  return { name, version: digest ? (tag ? `${tag}@${digest}` : digest) : tag || 'latest' }
}
