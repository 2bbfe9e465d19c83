import { join } from 'node:path'
import { fileDocuments } from '../../src-main/adapters/app-data/file-documents.ts'
import { memorySecrets } from '../../src-main/adapters/secrets/memory-secrets.ts'
import type { Host } from '../../src-main/needs/host.ts'

/** A shell without a window: documents below `data`, bugs on standard error. */
export function testHost(data: string): Host {
  return {
    description: {
      version: '0.0.0',
      canPickFolder: false,
      canKeepSecrets: false,
      home: data,
      directory: null,
      sandbox: false,
    },
    documents: fileDocuments(join(data, 'documents')),
    secrets: memorySecrets(),
    pickFolder: async () => null,
    openExternal: async () => {},
    report: error => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
  }
}
