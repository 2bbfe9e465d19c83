import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { liveSource } from '../../../shared/contract/live-source.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { AppError } from '../../../shared/errors.ts'
import { Settings } from '../../../shared/host/contract.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Folders } from '../../needs/folders.ts'
import type { Host } from '../../needs/host.ts'
import type { Questions } from './ask-person.ts'

export { createQuestions, type Questions } from './ask-person.ts'

export type Notices = { tell(message: Message): void; listen(listener: (message: Message) => void): () => void }

export function createNotices(): Notices {
  const listeners = new Set<(message: Message) => void>()
  return {
    tell(message) {
      for (const listener of listeners) listener(message)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const defaults: Settings = { theme: 'system', locale: 'en', fetchMinutes: 0 }
const document = 'settings'

export async function readSettings(host: Host): Promise<Settings> {
  const read = Settings.safeParse({ ...defaults, ...Object((await host.documents.read(document)) ?? {}) })
  return read.success ? read.data : defaults
}

/** What depends on the shell: dialogs, links, settings, questions to the person. */
export function hostFeature(needs: { host: Host; folders: Folders; questions: Questions; notices: Notices }): {
  handlers: Handlers<AppContract>['host']
} {
  const { host, questions, notices } = needs
  const settingsListeners = new Set<() => void>()
  let lastNotice = 0
  return {
    handlers: {
      describe: async () => host.description,
      async pickFolder() {
        if (!host.description.canPickFolder) throw new AppError('unsupported', 'host.noFolderDialog')
        return { directory: await host.pickFolder() }
      },
      folders: ({ directory }) => needs.folders.list(directory || host.description.home),
      openExternal: ({ url }) => host.openExternal(url),
      questions: (_, { signal }) => recomputed(signal, questions.listen, async () => questions.open()),
      async answer({ id, username, secret, remember }) {
        questions.answer(id, secret === null ? null : { secret, remember, ...(username !== undefined && { username }) })
      },
      settings: (_, { signal }) =>
        recomputed(
          signal,
          changed => {
            settingsListeners.add(changed)
            const unwatch = host.documents.watch(document, changed)
            return () => {
              settingsListeners.delete(changed)
              unwatch()
            }
          },
          () => readSettings(host),
        ),
      async changeSettings(change) {
        await host.documents.write(document, { ...(await readSettings(host)), ...change })
        for (const changed of settingsListeners) changed()
      },
      notices: (_, { signal }) =>
        liveSource(signal, emit => notices.listen(message => emit({ id: String(++lastNotice), message }))),
    },
  }
}
