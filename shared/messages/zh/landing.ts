import type { landing as english } from '../en/landing.ts'

export const landing: { readonly [key in keyof typeof english]: string } = {
  'landing.entryShared': '写在 {{file}} 的 {{field}} 中，因为 {{origin}} 与 {{others}} 共用。',
  'landing.entryBase': '写在 {{file}} 的 {{field}} 中，因为 {{environment}} 由 {{origin}} 构建它。',
  'landing.entryValue': '写在 {{file}} 的 {{field}} 中，因为 {{origin}} 从那里取值。',
  'landing.patchShared': '作为 {{file}} 中的 patch，因为 {{origin}} 与 {{others}} 共用。',
  'landing.patchBase': '作为 {{file}} 中的 patch，因为 {{environment}} 由 {{origin}} 构建它。',
  'landing.ownerShared': '写在 {{kind}} {{name}}（{{file}}）的 {{field}} 中，因为 {{origin}} 与 {{others}} 共用。',
  'landing.ownerBase': '写在 {{kind}} {{name}}（{{file}}）的 {{field}} 中，因为 {{environment}} 由 {{origin}} 构建它。',
  'landing.ownerValue': '写在 {{kind}} {{name}}（{{file}}）的 {{field}} 中，因为 {{origin}} 从那里取值。',
  'landing.fileValue': '写在 {{file}} 中，因为 {{origin}} 从那里取值。',
  'landing.ofEdit': '{{edit}}：{{landing}}',
}
