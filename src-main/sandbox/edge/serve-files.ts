import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2'

const { STATUS_CODE: status } = ssh2.utils.sftp
type Opened = { readonly file: FileHandle } | { readonly entries: string[]; readonly folder: string }

const attributesOf = (of: Awaited<ReturnType<typeof stat>>): Attributes => ({
  mode: Number(of.mode),
  size: Number(of.size),
  uid: 1000,
  gid: 1000,
  atime: Math.floor(Number(of.atimeMs) / 1000),
  mtime: Math.floor(Number(of.mtimeMs) / 1000),
})

const statusOf = (error: unknown): number => {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return status.NO_SUCH_FILE
  return code === 'EACCES' || code === 'EPERM' ? status.PERMISSION_DENIED : status.FAILURE
}

/** SFTP over the files of a sandbox board, to be read: nothing outside of its folder is there, whatever links say. */
export function serveFiles(sftp: SFTPWrapper, root: string, _full: () => boolean): void {
  const opened = new Map<number, Opened>()
  let last = 0

  const pathOf = (path: string) => posix.resolve('/home/pilot', path)
  /** The file of the machine; missing where a link leads out. */
  const inside = async (path: string, followLast = true): Promise<string> => {
    const plain = join(root, pathOf(path))
    const full =
      followLast || plain === root ? await realpath(plain) : join(await realpath(dirname(plain)), basename(plain))
    if (full !== root && !full.startsWith(`${root}/`)) throw Object.assign(new Error('outside'), { code: 'ENOENT' })
    return full
  }
  const give = (entry: Opened): Buffer => {
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(++last)
    opened.set(last, entry)
    return handle
  }
  const take = (handle: Buffer): Opened | undefined => opened.get(handle.length === 4 ? handle.readUInt32BE() : 0)
  const answer = (request: number, work: () => Promise<void>): void => {
    work().catch((error: unknown) => sftp.status(request, statusOf(error)))
  }

  sftp.on('error', () => {})
  sftp.on('REALPATH', (request, path) =>
    answer(request, async () => {
      const full = await inside(path)
      sftp.name(request, [
        { filename: full.slice(root.length) || '/', longname: '', attrs: attributesOf(await stat(full)) },
      ])
    }),
  )
  sftp.on('STAT', (request, path) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await stat(await inside(path))))),
  )
  sftp.on('LSTAT', (request, path) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await lstat(await inside(path, false))))),
  )
  sftp.on('OPENDIR', (request, path) =>
    answer(request, async () => {
      const folder = await inside(path)
      sftp.handle(request, give({ entries: await readdir(folder), folder }))
    }),
  )
  sftp.on('READDIR', (request, handle) =>
    answer(request, async () => {
      const of = take(handle)
      if (!of || !('entries' in of)) return void sftp.status(request, status.FAILURE)
      const some = of.entries.splice(0, 100)
      if (some.length === 0) return void sftp.status(request, status.EOF)
      const names = some.map(async filename => ({
        filename,
        longname: filename,
        attrs: attributesOf(await lstat(join(of.folder, filename))),
      }))
      sftp.name(request, await Promise.all(names))
    }),
  )
  sftp.on('OPEN', (request, path, flags) =>
    answer(request, async () => {
      if (flags & ~ssh2.utils.sftp.OPEN_MODE.READ) return void sftp.status(request, status.PERMISSION_DENIED)
      sftp.handle(request, give({ file: await open(await inside(path), constants.O_RDONLY) }))
    }),
  )
  sftp.on('READ', (request, handle, offset, length) =>
    answer(request, async () => {
      const of = take(handle)
      if (!of || !('file' in of)) return void sftp.status(request, status.FAILURE)
      const bytes = Buffer.alloc(Math.min(length, 256 * 1024))
      const { bytesRead } = await of.file.read(bytes, 0, bytes.length, offset)
      if (bytesRead === 0) sftp.status(request, status.EOF)
      else sftp.data(request, bytes.subarray(0, bytesRead))
    }),
  )
  sftp.on('CLOSE', (request, handle) =>
    answer(request, async () => {
      const of = take(handle)
      opened.delete(handle.readUInt32BE())
      if (of && 'file' in of) await of.file.close()
      sftp.status(request, status.OK)
    }),
  )
  sftp.on('close', () => {
    for (const of of opened.values()) if ('file' in of) void of.file.close()
  })
}
