import type { Text } from '../../design/index.ts'

/** A source by its name; one whose numbers are made up says so. */
export const nameOf = (text: Text, source: { readonly name: string; readonly sandbox?: boolean }): string =>
  source.sandbox ? text('metrics.sandboxName', { name: source.name }) : source.name
