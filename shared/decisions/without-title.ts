/** Markdown without its first heading where that says what `title` says; a record repeats its title as `# title`. */
export function withoutTitle(markdown: string, title: string): string {
  const match = /^\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\r?\n|$)/.exec(markdown)
  const heading = match?.[1]?.replace(/^DECISION:\s*/i, '')
  return match && heading?.trim().toLowerCase() === title.trim().toLowerCase()
    ? markdown.slice(match[0].length)
    : markdown
}
