import { AppError, isCancelled } from '../../../../shared/errors.ts'
import { type Advertisement, readAdvertisement } from './advertisement.ts'
import { PackError } from './index-pack.ts'
import { ProtocolError, RemoteComplaint } from './packet-lines.ts'
import type { GitService, ServiceName } from './service.ts'

/** Reads what the remote has. A remote that hangs up at once says why on its error stream. */
export async function greet(service: GitService, name: ServiceName, signal: AbortSignal): Promise<Advertisement> {
  let advertisement: Advertisement
  try {
    advertisement = await readAdvertisement(service.greeting, name)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof RemoteComplaint)
      throw new AppError('not-found', 'transport.remoteSaid', { reason: error.message }, { cause: error })
    if (service.greeting.started || !(error instanceof ProtocolError)) throw error
    await service.ended()
    signal.throwIfAborted()
    const reason = service.complaint()
    throw reason === ''
      ? new AppError('unreachable', 'transport.emptyAnswer', { host: service.host, reason }, { cause: error })
      : new AppError('not-found', 'transport.remoteSaid', { reason }, { cause: error })
  }
  const format = [...advertisement.capabilities].find(word => word.startsWith('object-format='))
  if (format !== undefined && format !== 'object-format=sha1')
    throw new AppError('unsupported', 'transport.sha256', { host: service.host })
  return advertisement
}

/** Errors of this folder's own kinds, as something a person can be told. */
export function translateRemoteError(error: unknown, service: GitService | null, signal: AbortSignal): unknown {
  if (signal.aborted || isCancelled(error)) return new AppError('cancelled', 'error.cancelled', {}, { cause: error })
  const host = service?.host ?? ''
  if (error instanceof PackError)
    return error.missingBase === null
      ? new AppError('connection-lost', 'transport.packDamaged', { host, reason: error.message }, { cause: error })
      : new AppError('connection-lost', 'transport.packMissingBase', { host, oid: error.missingBase }, { cause: error })
  if (error instanceof ProtocolError) {
    const words = service?.complaint() ?? ''
    return words === ''
      ? new AppError('connection-lost', 'transport.protocol', { host, reason: error.message }, { cause: error })
      : new AppError('connection-lost', 'transport.remoteSaid', { reason: words }, { cause: error })
  }
  if (error instanceof RemoteComplaint)
    return new AppError('unreachable', 'transport.remoteSaid', { reason: error.message }, { cause: error })
  if (error instanceof AppError || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' && 'syscall' in error && String(error.syscall).startsWith('spawn'))
    return new AppError('unsupported', 'transport.needsGit', {}, { cause: error })
  if (/^(ENOSPC|EACCES|EROFS|EPERM|EDQUOT|EIO)$/.test(code))
    return new AppError(
      'unauthorized',
      'transport.cannotWrite',
      { directory: 'path' in error ? String(error.path) : '', reason: code },
      { cause: error },
    )
  return error
}
