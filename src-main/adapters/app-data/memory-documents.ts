import type { Documents } from '../../needs/documents.ts'

/** Documents that end with the process: for commands whose work must not mix with what an open window is doing. */
export function memoryDocuments(): Documents {
  const texts = new Map<string, string>()
  const bytes = new Map<string, Uint8Array>()
  return {
    read: async name => {
      const text = texts.get(name)
      return text === undefined ? null : (JSON.parse(text) as unknown)
    },
    write: async (name, value) => void texts.set(name, JSON.stringify(value)),
    readBytes: async name => bytes.get(name) ?? null,
    writeBytes: async (name, parts) => void bytes.set(name, Buffer.concat(parts)),
    // What ends with the process needs no bound.
    boundBytes: async () => {},
    delete: async name => void texts.delete(name),
    // Nobody else can change them.
    watch: () => () => {},
  }
}
