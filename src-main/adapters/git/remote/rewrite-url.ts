import { AppError } from '../../../../shared/errors.ts'
import type { Configuration } from '../config/configuration.ts'

/** `url.<base>.insteadOf` (and `pushInsteadOf`): the longest prefix that fits is replaced. */
export function rewriteUrl(url: string, configuration: Configuration, name: 'insteadof' | 'pushinsteadof'): string {
  let best: { subsection: string; value: string } | null = null
  for (const rule of configuration.subsections('url', name))
    if (url.startsWith(rule.value) && (best === null || rule.value.length > best.value.length)) best = rule
  return best ? best.subsection + url.slice(best.value.length) : url
}

/** Where a remote is read from. */
export function fetchUrl(remote: string, configuration: Configuration): string {
  return rewriteUrl(urlOf(remote, configuration), configuration, 'insteadof')
}

/** Where a remote is written to: its `pushurl`, else its `url` after `pushInsteadOf`, else as it is read. */
export function pushUrl(remote: string, configuration: Configuration): string {
  const [own] = configuration.all(`remote.${remote}.pushurl`)
  if (own !== undefined) return rewriteUrl(own, configuration, 'insteadof')
  const url = urlOf(remote, configuration)
  const pushed = rewriteUrl(url, configuration, 'pushinsteadof')
  return pushed !== url ? pushed : rewriteUrl(url, configuration, 'insteadof')
}

function urlOf(remote: string, configuration: Configuration): string {
  const [url] = configuration.all(`remote.${remote}.url`)
  if (url === undefined) throw new AppError('not-found', 'transport.noSuchRemote', { remote })
  return url
}
