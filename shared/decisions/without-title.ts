import { titleOf } from './read-adr.ts'

/** Markdown without its first heading where that says what `title` says; a record repeats its title as `# title`, or
 * `# 5. Title`. */
export function withoutTitle(markdown: string, title: string): string {
  const match = /^\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\r?\n|$)/.exec(markdown)
  const heading = match?.[1] && titleOf(match[1])
  return match && heading && heading.toLowerCase() === title.trim().toLowerCase()
    ? markdown.slice(match[0].length)
    : markdown
}
