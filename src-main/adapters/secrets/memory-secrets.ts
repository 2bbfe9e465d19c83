import type { Secrets } from '../../needs/secrets.ts'

/** Secrets that end with the process, for shells that have no keychain. */
export function memorySecrets(): Secrets {
  const kept = new Map<string, string>()
  return {
    durable: false,
    get: async name => kept.get(name) ?? null,
    set: async (name, secret) => void kept.set(name, secret),
    delete: async name => void kept.delete(name),
  }
}
