import { stat } from 'node:fs/promises'
import type { ParsedKey } from 'ssh2'
import type { Prompter } from '../../needs/prompter.ts'
import type { Secrets } from '../../needs/secrets.ts'
import { unlockKeyFile } from './key-file.ts'

const tries = 3

/** Unlocks a key file. Null: nobody knew the passphrase. */
export type UnlockKey = (file: string) => Promise<ParsedKey | null>

/** Keys unlocked while the app runs, as an agent would keep them: a passphrase is asked for once, not at every fetch. */
export type UnlockedKeys = Map<string, Promise<ParsedKey | null>>

/**
 * Finds the passphrase of a locked key: kept, else asked for. It is handed to the key's parser and, only where the
 * person said so, to `secrets`; it is in no error and no log. `silent`: nobody may be asked.
 */
export function unlockKeys(
  needs: { readonly prompter: Prompter; readonly secrets: Secrets },
  unlocked: UnlockedKeys,
  silent: boolean,
  signal: AbortSignal,
): UnlockKey {
  const find = async (file: string): Promise<ParsedKey | null> => {
    const name = `ssh-passphrase:${file}`
    const kept = await needs.secrets.get(name)
    if (kept !== null) {
      const key = await unlockKeyFile(file, kept)
      if (key) return key
      await needs.secrets.delete(name)
    }
    for (let attempt = 0; attempt < tries && !silent; attempt++) {
      const answer = await needs.prompter.ask({ kind: 'passphrase', key: file }, signal)
      if (answer?.secret == null) return null
      const key = await unlockKeyFile(file, answer.secret)
      if (!key) continue
      if (answer.remember) await needs.secrets.set(name, answer.secret, true)
      return key
    }
    return null
  }
  return async file => {
    // A key that was replaced on disk is another key.
    const name = `${file}\0${(await stat(file)).mtimeMs}`
    // Two connections at once ask one question. Undefined: the other one was cancelled, so this one asks for itself.
    for (let others = unlocked.get(name); others; others = unlocked.get(name)) {
      const key = await others.catch(() => undefined)
      if (key !== undefined) return key
      signal.throwIfAborted()
    }
    const finding = find(file)
    unlocked.set(name, finding)
    try {
      const key = await finding
      // A refusal is not kept: the next connection may ask again.
      if (!key) unlocked.delete(name)
      return key
    } catch (error) {
      unlocked.delete(name)
      throw error
    }
  }
}
