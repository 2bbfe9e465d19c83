import { type FileRole, roleOf } from './classify-path.ts'
import { readCode } from './read-code.ts'
import { readConfiguration } from './read-configuration.ts'
import { readDockerfile } from './read-dockerfile.ts'
import type { FileFacts } from './source-facts.ts'

/** Facts of one file by its role; see {@link roleOf}. */
export function readSourceFile(role: FileRole, path: string, text: string): FileFacts {
  if (role === 'dockerfile') return readDockerfile(text)
  return role === 'config' ? readConfiguration(path, text) : readCode(path, text)
}

export { roleOf }
