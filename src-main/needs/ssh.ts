/** Where to connect: a host name, an address, or an alias from `~/.ssh/config`. What is given here wins over the file. */
export type SshTarget = { readonly host: string; readonly user?: string; readonly port?: number }

/** How a process ended. Both null: the connection ended before it said so. */
export type ProcessExit = { readonly code: number | null; readonly signal: string | null }

/**
 * A process somewhere (behind SSH, or on this machine) with its three streams. Each stream may be read once.
 * Disposing it ends it: the channel is closed, a local process is killed.
 */
export interface RemoteProcess extends AsyncDisposable {
  readonly stdin: {
    /** Resolves when there is room for more. Rejects `connection-lost` when the other side has gone. */
    write(bytes: Uint8Array): Promise<void>
    end(): Promise<void>
  }
  readonly stdout: AsyncIterable<Uint8Array>
  readonly stderr: AsyncIterable<Uint8Array>
  readonly exit: Promise<ProcessExit>
}

/** Columns and rows of a terminal. */
export type TerminalSize = { readonly columns: number; readonly rows: number }

/** The login shell of the other side in a terminal of its own. Disposing it hangs up. */
export interface RemoteTerminal extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>
  resize(size: TerminalSize): void
  /** What it shows, escapes and all: only for a terminal emulator. May be read once. */
  readonly output: AsyncIterable<Uint8Array>
  readonly exit: Promise<ProcessExit>
}

export type RemoteFileKind = 'file' | 'folder' | 'link' | 'device' | 'pipe' | 'socket'
/** An entry of a folder, as the other side says it: a name may hold anything but `/` and NUL. */
export type RemoteFile = {
  readonly name: string
  readonly kind: RemoteFileKind
  readonly size: number
  /** Permission bits, such as 0o644. */
  readonly mode: number
  readonly owner: number
  readonly group: number
  /** Seconds since the epoch. */
  readonly modified: number
}

/**
 * Files of the other side over SFTP. Rejects `not-found`, `forbidden`, `connection-lost`, `unsupported` (no SFTP there),
 * `unexpected` with the server's words for the rest.
 */
export interface RemoteFiles extends AsyncDisposable {
  /** The absolute path without `..` and links; of `.`, the home folder. */
  resolve(path: string): Promise<string>
  /** What a path leads to, links followed. */
  stat(path: string): Promise<RemoteFile>
  /** Entries of a folder in no order; at most `most`, and whether there are more. */
  list(path: string, most: number): Promise<{ readonly entries: readonly RemoteFile[]; readonly more: boolean }>
  /** A stretch of a file, shorter at its end. */
  read(path: string, offset: number, length: number): Promise<Uint8Array>
}

/** One authenticated connection. Processes on it share it; disposing it ends them all. */
export interface SshConnection extends AsyncDisposable {
  /** `user@host:port` as connected, after the configuration was applied. */
  readonly address: string
  /** Runs a command through the login shell of the other side: quote what is not meant for a shell. */
  exec(command: string, signal?: AbortSignal): Promise<RemoteProcess>
  terminal(size: TerminalSize, signal?: AbortSignal): Promise<RemoteTerminal>
  files(signal?: AbortSignal): Promise<RemoteFiles>
  /** Resolves once the connection has ended, for whatever reason. */
  readonly closed: Promise<void>
}

/**
 * Opens SSH connections as OpenSSH's client would: `~/.ssh/config`, agent, key files, known_hosts.
 * Rejects `unreachable`, `unauthorized` (nobody could sign in, or the host's key is not the known one), `cancelled`.
 */
export interface Ssh {
  connect(target: SshTarget, signal?: AbortSignal): Promise<SshConnection>
}

/**
 * Connections that are shared: who connects to the same target gets the same connection. Disposing one gives it back; the
 * last one back lets it idle a while before it is closed. A host that failed is left alone for a time that grows with
 * each failure: until then whoever asks gets the same failure, unless they ask for `anew`.
 */
export interface SshPool extends Ssh, AsyncDisposable {
  connect(target: SshTarget, signal?: AbortSignal, anew?: boolean): Promise<SshConnection>
}
