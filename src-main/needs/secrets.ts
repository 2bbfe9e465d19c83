/** Keeps secrets: in the operating system's keychain where the shell has one, else in memory until the process ends. */
export interface Secrets {
  readonly durable: boolean
  get(name: string): Promise<string | null>
  /** `remember: false` keeps it in memory only. */
  set(name: string, secret: string, remember: boolean): Promise<void>
  delete(name: string): Promise<void>
}
