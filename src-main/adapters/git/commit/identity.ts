import { hostname, userInfo } from 'node:os'
import type { Identity } from '../../../needs/git-repository.ts'
import type { Configuration } from '../config/configuration.ts'
import type { GitEnvironment } from '../open/git-environment.ts'

/** Who commits, as git-var finds it; null when name or e-mail is not set anywhere. Git's guesses are not made. */
export function identityOf(
  role: 'author' | 'committer',
  configuration: Configuration,
  { variables }: GitEnvironment,
): Identity | null {
  const prefix = `GIT_${role.toUpperCase()}_`
  const name = clean(
    variables[`${prefix}NAME`] ?? configuration.get(`${role}.name`) ?? configuration.get('user.name') ?? '',
  )
  const email = clean(
    variables[`${prefix}EMAIL`] ??
      configuration.get(`${role}.email`) ??
      configuration.get('user.email') ??
      variables['EMAIL'] ??
      '',
  )
  return name === '' || email === '' ? null : { name, email }
}

/** For reflogs alone, where git always writes somebody: the account and machine when nobody is configured. */
export function reflogIdentity(configuration: Configuration, environment: GitEnvironment): Identity {
  const known = identityOf('committer', configuration, environment)
  if (known) return known
  let name = ''
  try {
    name = clean(userInfo().username)
  } catch {
    // An account without a name (a container with a bare user id) has no entry to look up.
  }
  return { name: name || 'unknown', email: `${name || 'unknown'}@${clean(hostname()) || 'localhost'}` }
}

/** What git cuts from names (`strbuf_addstr_without_crud`): control characters and punctuation around, `<`, `>` and line ends inside. */
export const clean = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is cut.
    .replace(/^[\x00-\x20.,:;<>"\\']+|[\x00-\x20.,:;<>"\\']+$/g, '')
    .replace(/[\n<>]/g, '')
