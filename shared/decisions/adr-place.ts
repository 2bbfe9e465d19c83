/** Folders in which tools keep records of decisions. */
const folder =
  /(^|\/)(adrs?|decisions|decision[-_]records?|architecture[-_]decisions?|architecture[-_]decision[-_]records?)\//i
const numbered = /(^|\/)(?:adr[-_]?)?(\d{1,8})[-_. ][^/]+\.(md|markdown)$/i
const noRecord = /(^|\/)(readme|index|template|[^/]*[-_.]template|contributing|changelog)\.(md|markdown)$/i
const notOurs = /(^|\/)(node_modules|vendor|third_party|testdata|\.git)\//

/** Where a workspace says that records are: the folders of `.adr-dir` and `.log4brains.yml`. */
export type AdrFolders = readonly string[]

/**
 * Can a file be a record of MADR, adr-tools or log4brains? `sure` by its name and place; `maybe` where only its text can
 * tell. Our own records are folders with a `README.md`.
 */
export function adrPlace(path: string, folders: AdrFolders = []): 'sure' | 'maybe' | 'no' {
  if (!/\.(md|markdown)$/i.test(path) || noRecord.test(path) || notOurs.test(path)) return 'no'
  const declared = folders.some(each => each === '' || path.startsWith(`${each}/`))
  if (!declared && !folder.test(path)) return 'no'
  return numbered.test(path) ? 'sure' : 'maybe'
}

/** `5` of `docs/adr/0005-use-postgres.md`; null where the name has none. */
export function adrNumber(path: string): number | null {
  const digits = numbered.exec(path)?.[2]
  return digits === undefined ? null : Number(digits)
}

/** Folders that the configuration of adr-tools (`.adr-dir`) or log4brains (`.log4brains.yml`) names. */
export function adrFoldersIn(file: string, text: string): AdrFolders {
  const base = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : ''
  const named = file.endsWith('.adr-dir')
    ? [text.split('\n')[0]!]
    : [...text.matchAll(/^\s*(?:-\s+)?adrFolder:\s*(.+)$/gm)].map(match => match[1]!)
  return named
    .map(name => name.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .map(name => `${base}${name}`.replace(/(^|\/)\.\//g, '$1').replace(/\/+$/, ''))
    .filter(name => name !== '' && !name.startsWith('..'))
}

export const isAdrSettings = (path: string): boolean => /(^|\/)(\.adr-dir|\.log4brains\.ya?ml)$/.test(path)

/** A record of ours, or surely one of another tool. */
export const isRecordFile = (path: string): boolean =>
  /(^|\/)decisions\/[^/]+\/README\.md$/.test(path) || adrPlace(path) === 'sure'
