import { diffArrays } from 'diff'

type Line = { readonly text: string; readonly ending: string }

const bom = '\uFEFF'

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  const pattern = /([^\r\n]*)(\r\n|\r|\n|$)/gy
  for (const match of text.matchAll(pattern)) {
    lines.push({ text: match[1]!, ending: match[2]! })
    if (match[2] === '') break
  }
  return lines
}

/**
 * Gives `edited` the line endings and the byte order mark of `original`. The editor keeps one line ending a file, so in
 * a file that mixes them every line would change although a person changed one. Lines that stayed keep their own
 * ending; a new line takes that of the line before it.
 */
export function keepLineEndings(original: string, edited: string): string {
  const had = original.startsWith(bom)
  const before = linesOf(had ? original.slice(1) : original)
  const after = linesOf(edited.startsWith(bom) ? edited.slice(1) : edited)
  const first = before.find(line => line.ending !== '')?.ending ?? '\n'
  const mixed = before.some(line => line.ending !== '' && line.ending !== first)
  const endings = mixed ? endingsByLine(before, after, first) : after.map(() => first)
  return (had ? bom : '') + after.map((line, i) => line.text + (line.ending === '' ? '' : endings[i])).join('')
}

function endingsByLine(before: readonly Line[], after: readonly Line[], first: string): string[] {
  const changes = diffArrays(
    before.map(line => line.text),
    after.map(line => line.text),
    { timeout: 200 },
  )
  // Too different to compare in time: then no line "stayed".
  if (!changes) return after.map(() => first)
  const endings: string[] = []
  let at = 0
  let last = first
  for (const change of changes) {
    const removed = change.removed ? before.slice(at, at + change.count) : []
    if (change.removed) {
      at += change.count
      // A changed line comes as removed, then added: let the added one continue with the ending it had.
      last = removed.find(line => line.ending !== '')?.ending ?? last
      continue
    }
    for (let i = 0; i < change.count; i++) {
      if (!change.added) last = before[at++]!.ending || last
      endings.push(last)
    }
  }
  return endings
}
