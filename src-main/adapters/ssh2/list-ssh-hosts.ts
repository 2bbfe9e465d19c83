import { homedir } from 'node:os'
import { join } from 'node:path'
import type { SshHosts } from '../../../shared/fleet/contract.ts'
import { readSshConfig } from './read-ssh-config.ts'

/** The hosts a person's own SSH configuration names, without patterns, in its order; files it includes are read, too. */
export async function listSshHosts(
  home: string = homedir(),
  file: string = join(home, '.ssh', 'config'),
): Promise<SshHosts> {
  const hosts = new Map<string, { address: string | null; user: string | null; port: number | null }>()
  for (const { name, value, conditions } of await readSshConfig(file, home)) {
    const [condition, ...others] = conditions
    if (condition?.kind !== 'host' || others.length > 0) continue
    for (const host of condition.words.filter(word => !/[*?!]/.test(word))) {
      const known = hosts.get(host) ?? { address: null, user: null, port: null }
      hosts.set(host, known)
      // The first value holds, as it does for ssh.
      if (name === 'hostname') known.address ??= value
      if (name === 'user') known.user ??= value
      if (name === 'port') known.port ??= Number(value) || null
    }
  }
  const isHome = file.startsWith(`${home}/`)
  return {
    file: isHome ? `~${file.slice(home.length)}` : file,
    hosts: [...hosts].map(([host, said]) => ({ host, ...said })),
  }
}
