import { answerPageRequest } from '../adapters/page-files/answer-page-request.ts'
import { safeHeaders } from '../adapters/page-files/content-security-policy.ts'
import { isOurPage } from './allowed-navigation.ts'

/** Answers `app://pilothouse/…` from the built page; every other host of the scheme is not found. */
export async function answerAppRequest(page: string, request: Request): Promise<Response> {
  if (!isOurPage(request.url)) return new Response(null, { status: 404, headers: safeHeaders() })
  return answerPageRequest(page, request)
}
