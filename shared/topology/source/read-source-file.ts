import type { FileRole } from './classify-path.ts'
import { type GoFile, isTellingGo } from './go-syntax.ts'
import { readCode } from './read-code.ts'
import { readConfiguration } from './read-configuration.ts'
import { readDockerfile } from './read-dockerfile.ts'
import { readGo } from './read-go.ts'
import type { FileFacts } from './source-facts.ts'

/** Facts of one file of a source folder by its role. */
export function readSourceFile(role: FileRole, path: string, text: string): FileFacts {
  if (role === 'dockerfile') return readDockerfile(text)
  return role === 'config' ? readConfiguration(path, text) : readCode(path, text)
}

/** The same, with Go read by its syntax: what the syntax says comes first, being more particular. */
export function createFactsReader(
  parseGo: (text: string) => Promise<GoFile>,
): (role: FileRole, path: string, text: string) => Promise<FileFacts> {
  return async (role, path, text) => {
    const facts = readSourceFile(role, path, text)
    if (role !== 'code' || !path.endsWith('.go') || !isTellingGo(text)) return facts
    const go = readGo(await parseGo(text))
    return {
      ...facts,
      addresses: [...go.addresses, ...facts.addresses],
      clients: [...go.clients, ...facts.clients],
      endpoints: [...go.endpoints, ...facts.endpoints],
    }
  }
}
