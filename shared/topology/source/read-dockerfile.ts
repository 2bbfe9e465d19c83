import { referencesOfCommand } from '../find-references.ts'
import type { AddressFact, FileFacts } from './source-facts.ts'

/** `ENV` and the command line of an image: what its containers run with unless a manifest says otherwise. */
export function readDockerfile(text: string): FileFacts {
  const addresses: AddressFact[] = []
  const rows = text.split(/\r?\n/)
  for (let index = 0; index < rows.length; index += 1) {
    let row = rows[index]!
    const line = index + 1
    while (/\\\s*$/.test(row) && index + 1 < rows.length) {
      index += 1
      row = `${row.replace(/\\\s*$/, ' ')}${rows[index]}`
    }
    const match = /^\s*(ENV|CMD|ENTRYPOINT)\s+(.*)$/i.exec(row)
    if (!match) continue
    const rest = match[2]!
    const shown = row.trim().replace(/\s+/g, ' ').slice(0, 160)
    if (match[1]!.toUpperCase() === 'ENV') {
      const pairs = [...rest.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S+)/g)].map(pair => [
        pair[1]!,
        pair[2]!.replace(/^["']|["']$/g, ''),
      ])
      const spaced = /^([A-Za-z_]\w*)\s+(.+)$/.exec(rest)
      if (pairs.length === 0 && spaced) pairs.push([spaced[1]!, spaced[2]!.trim()])
      for (const [key, value] of pairs)
        if (!value!.includes('$'))
          addresses.push({ key: key!, template: `\${${key}:-${value}}`, line, shown, place: 'config' })
      continue
    }
    for (const reference of referencesOfCommand(wordsOf(rest)))
      if (reference.form !== 'named')
        addresses.push({
          key: 'address',
          template: `${reference.scheme === undefined ? '' : `${reference.scheme}://`}${reference.host}${reference.port === undefined ? '' : `:${reference.port}`}`,
          line,
          shown,
          place: 'config',
        })
  }
  return { addresses, switches: [], clients: [], endpoints: [] }
}

function wordsOf(command: string): string[] {
  if (!command.trim().startsWith('[')) return ['sh', '-c', command]
  try {
    const words: unknown = JSON.parse(command)
    return Array.isArray(words) ? words.map(String) : []
  } catch {
    // Not the JSON form: Docker runs it in a shell then.
    return ['sh', '-c', command]
  }
}
