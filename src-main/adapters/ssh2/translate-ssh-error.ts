import { AppError } from '../../../shared/errors.ts'
import type { HostSettings } from './resolve-host.ts'

/** What ssh2, the socket or a name server said, as a failure a person can act on. Its own text holds no secret. */
export function translateSshError(error: unknown, settings: HostSettings, tried: readonly string[]): AppError {
  if (error instanceof AppError) return error
  const host = `${settings.hostName}:${settings.port}`
  const level = error instanceof Error && 'level' in error ? String(error.level) : ''
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const text = error instanceof Error ? error.message : String(error)
  if (level === 'client-authentication')
    return new AppError(
      'unauthorized',
      tried.length > 0 ? 'transport.sshDenied' : 'transport.sshNoKey',
      { user: settings.user, host, tried: tried.join(', ') },
      { cause: error },
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new AppError('unreachable', 'transport.hostNotFound', { host: settings.hostName }, { cause: error })
  if (level === 'handshake' && /no matching/i.test(text))
    return new AppError('unreachable', 'transport.sshNoCommonAlgorithm', { host, reason: text }, { cause: error })
  return new AppError('unreachable', 'transport.sshUnreachable', { host, reason: code || text }, { cause: error })
}
