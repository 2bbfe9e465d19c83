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

/** One authenticated connection. Processes on it share it; disposing it ends them all. */
export interface SshConnection extends AsyncDisposable {
  /** `user@host:port` as connected, after the configuration was applied. */
  readonly address: string
  /** Runs a command through the login shell of the other side: quote what is not meant for a shell. */
  exec(command: string, signal?: AbortSignal): Promise<RemoteProcess>
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
