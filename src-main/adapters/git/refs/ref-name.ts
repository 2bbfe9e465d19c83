/** The rules of git-check-ref-format for a full name (`refs/heads/x`). */
export const isRefName = (name: string): boolean =>
  name.includes('/') &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$/.test(name) &&
  name.split('/').every(part => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))

/** A branch name that git accepts: also not `HEAD` and not like an option. */
export const isBranchName = (name: string): boolean =>
  isRefName(`refs/heads/${name}`) && !name.startsWith('-') && name !== 'HEAD' && name !== '@'
