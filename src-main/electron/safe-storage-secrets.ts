import { safeStorage } from 'electron'
import { memorySecrets } from '../adapters/secrets/memory-secrets.ts'
import type { Documents } from '../needs/documents.ts'
import type { Secrets } from '../needs/secrets.ts'

const document = 'secrets'

/** Linux without a keyring encrypts with a fixed key; that is no safe place. */
const isSafe = (): boolean =>
  safeStorage.isEncryptionAvailable() &&
  (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text')

/** Secrets encrypted with the system keychain's key; in memory alone where there is none or the person wants it so. */
export function safeStorageSecrets(documents: Documents, report: (error: unknown) => void): Secrets {
  const durable = isSafe()
  const memory = memorySecrets()
  let writing: Promise<void> = Promise.resolve()

  async function stored(): Promise<Record<string, string>> {
    const read = await documents.read(document)
    const entries = Object.entries(typeof read === 'object' && read !== null ? read : {})
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  }
  function change(apply: (all: Record<string, string>) => Record<string, string>): Promise<void> {
    const turn = writing.then(async () => documents.write(document, apply(await stored())))
    // The failure is the caller's; the next change starts afresh.
    writing = turn.catch(() => undefined)
    return turn
  }
  const without = (all: Record<string, string>, name: string) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== name))

  return {
    durable,
    async get(name) {
      const inMemory = await memory.get(name)
      if (inMemory !== null || !durable) return inMemory
      const encrypted = (await stored())[name]
      if (encrypted === undefined) return null
      try {
        return safeStorage.decryptString(Buffer.from(encrypted, 'base64'))
      } catch (error) {
        // Encrypted by another user or before the keychain was reset: as good as none, and asked for again.
        report(error)
        return null
      }
    },
    async set(name, secret, remember) {
      if (!remember || !durable) return memory.set(name, secret, false)
      await memory.delete(name)
      const encrypted = safeStorage.encryptString(secret).toString('base64')
      await change(all => ({ ...without(all, name), [name]: encrypted }))
    },
    async delete(name) {
      await memory.delete(name)
      if (durable && name in (await stored())) await change(all => without(all, name))
    },
  }
}
