/** OpenSSH's patterns: `*` any run of characters, `?` exactly one. */
const matchesOne = (pattern: string, text: string): boolean => {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${expression}$`, 's').test(text)
}

/** A pattern list of `ssh_config(5)`: one match is enough, unless a negated (`!`) pattern matches too. Case is ignored. */
export function matchesPatterns(patterns: readonly string[], text: string): boolean {
  const lower = text.toLowerCase()
  let matched = false
  for (const entry of patterns) {
    const pattern = entry.toLowerCase()
    if (pattern.startsWith('!')) {
      if (matchesOne(pattern.slice(1), lower)) return false
    } else if (matchesOne(pattern, lower)) matched = true
  }
  return matched
}
