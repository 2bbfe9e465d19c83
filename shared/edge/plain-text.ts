/**
 * Characters that do something instead of being read: C0 and C1 controls (terminal escapes begin with them), marks that
 * turn the direction of text, zero-width ones, line separators, tags, and halves of surrogate pairs.
 */
const acting =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu

/**
 * What a node said, as text that can be shown anywhere: what would act is replaced by U+FFFD, a tab by a space, and what
 * is longer than `longest` characters ends in an ellipsis. The page shows it as text, never as markup.
 */
export function plainText(said: string, longest = 4096): string {
  const shown = said.replaceAll('\t', ' ').replace(acting, '\ufffd')
  return shown.length > longest ? `${shown.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown
}
