import { AppError } from '../../shared/errors.ts'
import { reportBug } from './bug-reports.ts'

/** What a person can be told about. Anything else is a bug of the page: it is reported and shown as such. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  reportBug(error)
  return new AppError('unexpected', 'error.unexpected', {}, { cause: error })
}
