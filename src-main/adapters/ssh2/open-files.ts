import type { Attributes, Client, FileEntry, SFTPWrapper } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import type { RemoteFile, RemoteFileKind, RemoteFiles } from '../../needs/ssh.ts'
import { lostAt, openChannel } from './open-channel.ts'

/** Status codes of SFTP 3 (draft-ietf-secsh-filexfer-02, 7). */
const status = { endOfFile: 1, noSuchFile: 2, permissionDenied: 3 } as const
/** The type of a file is the upper four bits of its mode. */
const kinds: Readonly<Record<number, RemoteFileKind>> = {
  1: 'pipe',
  2: 'device',
  4: 'folder',
  6: 'device',
  8: 'file',
  10: 'link',
  12: 'socket',
}
/** What OpenSSH's server gives in one answer. */
const pieceSize = 32 * 1024
const piecesAtOnce = 16

type Callback<T> = (error: Error | undefined | null, value: T) => void

/** SFTP over a connection. `address` is for errors. */
export async function openFiles(client: Client, address: string, signal?: AbortSignal): Promise<RemoteFiles> {
  const sftp = await openChannel<SFTPWrapper>(
    client,
    (of, done) => of.sftp(done),
    cause => new AppError('unsupported', 'edge.noSftp', { host: address }, { cause }),
    signal,
  )
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => {})
  sftp.once('close', () => ended.reject(lostAt(address)(undefined)))
  // A broken channel is seen by whoever waits for an answer.
  sftp.on('error', (error: unknown) => ended.reject(lostAt(address)(error)))

  const call = <T>(path: string, ask: (done: Callback<T>) => void): Promise<T> =>
    Promise.race([
      ended.promise,
      new Promise<T>((resolve, reject) => {
        signal?.throwIfAborted()
        ask((error, value) => (error ? reject(error) : resolve(value)))
      }),
    ]).catch((error: unknown) => {
      throw translate(error, path, address)
    })
  const close = (handle: Buffer) => call<void>('', done => sftp.close(handle, error => done(error, undefined)))

  return {
    resolve: path => call(path, done => sftp.realpath(path, done)),
    stat: async path => fileOf(path, await call<Attributes>(path, done => sftp.stat(path, done))),
    async list(path, most) {
      const handle = await call<Buffer>(path, done => sftp.opendir(path, done))
      const entries: RemoteFile[] = []
      try {
        for (;;) {
          const some = await call<FileEntry[] | null>(path, done =>
            sftp.readdir(handle, (error, list) =>
              codeOf(error) === status.endOfFile ? done(null, null) : done(error, list),
            ),
          )
          if (some === null) return { entries, more: false }
          for (const { filename, attrs } of some)
            if (filename !== '.' && filename !== '..') entries.push(fileOf(filename, attrs))
          if (entries.length > most) return { entries: entries.slice(0, most), more: true }
        }
      } finally {
        await close(handle)
      }
    },
    async read(path, offset, length) {
      const handle = await call<Buffer>(path, done => sftp.open(path, 'r', done))
      const bytes = Buffer.alloc(length)
      const readPiece = (at: number, size: number): Promise<number> =>
        call<number>(path, done =>
          sftp.read(handle, bytes, at, size, offset + at, (error, count) =>
            codeOf(error) === status.endOfFile ? done(null, 0) : done(error, count),
          ),
        )
      /** A server may answer less than was asked for; only nothing means the end. */
      const fill = async (from: number): Promise<number> => {
        const end = Math.min(from + pieceSize, length)
        for (let at = from; at < end; ) {
          const count = await readPiece(at, end - at)
          if (count === 0) return at
          at += count
        }
        return end
      }
      try {
        for (let from = 0; from < length; from += pieceSize * piecesAtOnce) {
          const starts: number[] = []
          for (let at = from; at < length && starts.length < piecesAtOnce; at += pieceSize) starts.push(at)
          const ends = await Promise.all(starts.map(fill))
          const short = ends.find((end, index) => end < Math.min(starts[index]! + pieceSize, length))
          if (short !== undefined) return bytes.subarray(0, short)
        }
        return bytes
      } finally {
        await close(handle)
      }
    },
    async [Symbol.asyncDispose]() {
      sftp.end()
    },
  }
}

const fileOf = (name: string, { mode, size, uid, gid, mtime }: Attributes): RemoteFile => ({
  name,
  kind: kinds[mode >> 12] ?? 'file',
  size,
  mode: mode & 0o7777,
  owner: uid,
  group: gid,
  modified: mtime,
})

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

function translate(error: unknown, path: string, host: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error
  const user = host.slice(0, host.lastIndexOf('@'))
  if (codeOf(error) === status.noSuchFile)
    return new AppError('not-found', 'edge.fileMissing', { path, host }, { cause: error })
  if (codeOf(error) === status.permissionDenied)
    return new AppError('forbidden', 'edge.fileDenied', { path, user }, { cause: error })
  return new AppError('unsupported', 'edge.fileFailed', { path, reason: error.message }, { cause: error })
}
