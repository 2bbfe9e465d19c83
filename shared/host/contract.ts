import * as z from 'zod/mini'
import { command, query, stream } from '../contract/define.ts'
import type { Message } from '../messages/index.ts'
import { locales } from '../messages/index.ts'

/** What this shell can do; the page asks for abilities and never which shell it is in. */
export type HostDescription = {
  readonly version: string
  readonly canPickFolder: boolean
  readonly canKeepSecrets: boolean
  readonly home: string
  /** Opened at start, from the command line. */
  readonly directory: string | null
  readonly sandbox: boolean
}

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  locale: z.enum(locales),
  /** Minutes between background fetches; 0 turns them off. */
  fetchMinutes: z.number().check(z.int(), z.minimum(0), z.maximum(1440)),
})
export type Settings = z.infer<typeof Settings>

/** Something only a person can answer, asked in every window until one of them does. */
export type Question = {
  readonly id: string
} /** `prompt`: the host's own words, when it asks for something else than the password (a one-time code). */ & (
  | { readonly kind: 'password'; readonly host: string; readonly username: string | null; readonly prompt?: string }
  | { readonly kind: 'passphrase'; readonly key: string }
  /** First contact: the fingerprint is OpenSSH's `SHA256:…`. A changed key is never a question, it is refused. */
  | { readonly kind: 'host-key'; readonly host: string; readonly algorithm: string; readonly fingerprint: string }
)

export type FolderEntry = { readonly name: string; readonly repository: boolean }

export const host = {
  describe: query(z.object({})).returns<HostDescription>(),
  /** The shell's own folder dialog; null when it was closed. Refused where `canPickFolder` is false. */
  pickFolder: command(z.object({})).returns<{ directory: string | null }>(),
  /** Sub-folders of a folder, for shells without a dialog. */
  folders: query(z.object({ directory: z.string() })).returns<{
    directory: string
    parent: string | null
    entries: readonly FolderEntry[]
  }>(),
  openExternal: command(z.object({ url: z.string().check(z.regex(/^https?:\/\//)) })).returns<void>(),
  questions: stream(z.object({})).of<readonly Question[]>(),
  /** Null means: refuse. `remember` keeps it in the system keychain where there is one, else in memory. */
  answer: command(
    z.object({
      id: z.string(),
      username: z.optional(z.string()),
      secret: z.nullable(z.string()),
      remember: z.boolean(),
    }),
  ).returns<void>(),
  settings: stream(z.object({})).of<Settings>(),
  changeSettings: command(z.partial(Settings)).returns<void>(),
  /** Things that went wrong with nobody waiting, newest last; a page shows them once. */
  notices: stream(z.object({})).of<{ readonly id: string; readonly message: Message }>(),
}
