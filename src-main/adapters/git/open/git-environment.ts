import { homedir } from 'node:os'
import { join } from 'node:path'

export type EnvironmentVariables = { readonly [name: string]: string | undefined }

/** What git takes from the process around it: where its configuration is, and who the person is. */
export type GitEnvironment = {
  readonly home: string
  readonly systemConfigFiles: readonly string[]
  readonly globalConfigFiles: readonly string[]
  /** `GIT_CONFIG_COUNT`, `GIT_CONFIG_KEY_<n>` and `GIT_CONFIG_VALUE_<n>`. */
  readonly configEntries: readonly { readonly key: string; readonly value: string }[]
  /** Default of `core.attributesFile`. */
  readonly attributesFile: string
  readonly systemAttributesFiles: readonly string[]
  readonly variables: EnvironmentVariables
}

/** Reads the variables that git-config and git-var name. */
export function readGitEnvironment(variables: EnvironmentVariables = process.env): GitEnvironment {
  const home = variables['HOME'] ?? homedir()
  const xdg = variables['XDG_CONFIG_HOME'] || join(home, '.config')
  const noSystem = /^(1|true|yes|on)$/i.test(variables['GIT_CONFIG_NOSYSTEM'] ?? '')
  const system = variables['GIT_CONFIG_SYSTEM']
  const global = variables['GIT_CONFIG_GLOBAL']
  const count = Number.parseInt(variables['GIT_CONFIG_COUNT'] ?? '0', 10) || 0
  const configEntries = Array.from({ length: count }, (_, number) => ({
    key: variables[`GIT_CONFIG_KEY_${number}`] ?? '',
    value: variables[`GIT_CONFIG_VALUE_${number}`] ?? '',
  })).filter(({ key }) => key !== '')
  return {
    home,
    systemConfigFiles: noSystem ? [] : system !== undefined ? [system] : systemFiles('gitconfig', variables),
    globalConfigFiles: global !== undefined ? [global] : [join(xdg, 'git', 'config'), join(home, '.gitconfig')],
    configEntries,
    attributesFile: join(xdg, 'git', 'attributes'),
    systemAttributesFiles: variables['GIT_ATTR_NOSYSTEM'] ? [] : systemFiles('gitattributes', variables),
    variables,
  }
}

/** Git's prefix is chosen when it is built; these are where the usual packages put it. Absent ones are passed over. */
function systemFiles(name: 'gitconfig' | 'gitattributes', variables: EnvironmentVariables): readonly string[] {
  if (process.platform === 'win32') {
    const programs = variables['ProgramFiles'] ?? 'C:\\Program Files'
    return [join(programs, 'Git', 'etc', name)]
  }
  if (process.platform !== 'darwin') return [`/etc/${name}`]
  return [
    `/Library/Developer/CommandLineTools/usr/share/git-core/${name}`,
    `/Applications/Xcode.app/Contents/Developer/usr/share/git-core/${name}`,
    `/etc/${name}`,
    `/usr/local/etc/${name}`,
    `/opt/homebrew/etc/${name}`,
  ]
}
