const frontMatterBlock = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/

/** Splits off the YAML front matter of a record (MADR 4, log4brains); `frontMatter` is its text, null when there is none. */
export function splitFrontMatter(markdown: string): { readonly frontMatter: string | null; readonly body: string } {
  const match = frontMatterBlock.exec(markdown)
  return match
    ? { frontMatter: match[1]!, body: markdown.slice(match[0].length) }
    : { frontMatter: null, body: markdown }
}
