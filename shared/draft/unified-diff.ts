import { createTwoFilesPatch } from 'diff'

export type FileTexts = { readonly path: string; readonly before: string | null; readonly after: string | null }

/** As Git quotes a path that a line of a patch could not hold plainly; jsdiff does so in its own lines. */
const quoted = (path: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be quoted
  /["\\\u0000-\u001f]/.test(path) ? JSON.stringify(path) : path

/**
 * A patch of files as `git diff` writes it and `git apply` reads it: three lines of context, `/dev/null` for a file
 * that does not exist, line endings as they are.
 */
export function unifiedDiff(files: readonly FileTexts[]): string {
  return files
    .filter(({ before, after }) => before !== after)
    .map(({ path, before, after }) => {
      const [from, to] = [`a/${path}`, `b/${path}`]
      const head = [
        `diff --git ${quoted(from)} ${quoted(to)}`,
        ...(before === null ? ['new file mode 100644'] : []),
        ...(after === null ? ['deleted file mode 100644'] : []),
      ]
      const patch = createTwoFilesPatch(
        before === null ? '/dev/null' : from,
        after === null ? '/dev/null' : to,
        before ?? '',
        after ?? '',
        undefined,
        undefined,
        { context: 3 },
      )
      // jsdiff begins with a line of equals signs that Git does not have.
      return `${head.join('\n')}\n${patch.slice(patch.indexOf('--- '))}`
    })
    .join('')
}
