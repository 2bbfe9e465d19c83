import { existsSync } from 'node:fs'
import { AppError } from '../../../../shared/errors.ts'
import type { Ssh } from '../../../needs/ssh.ts'
import type { Configuration } from '../config/configuration.ts'
import { type HttpNeeds, openHttpService } from './http-service.ts'
import { gitEnvironment, startProcess } from './local-process.ts'
import { processService } from './process-service.ts'
import { parseAddress, quoteForShell } from './remote-address.ts'
import type { GitService, ServiceName } from './service.ts'

export type ServiceNeeds = HttpNeeds & { readonly ssh: Ssh }

/** Starts a conversation with a remote. `configuration` is null before there is a clone and none could be read. */
export async function openService(
  url: string,
  service: ServiceName,
  configuration: Configuration | null,
  directory: string,
  needs: ServiceNeeds,
  signal: AbortSignal,
): Promise<GitService> {
  const address = parseAddress(url, directory)
  switch (address.kind) {
    case 'http':
      return await openHttpService(address, service, configuration, directory, needs, signal)
    case 'local': {
      if (!needs.git) throw new AppError('unsupported', 'transport.needsGit')
      // A disk that is not plugged in is a remote that cannot be reached: commits wait for it.
      // Git takes `x` for `x.git`, too.
      if (!existsSync(address.path) && !existsSync(`${address.path}.git`))
        throw new AppError('unreachable', 'transport.folderGone', { path: address.path })
      const args = [service.slice('git-'.length), address.path]
      const process = await startProcess('git', args, gitEnvironment(needs.env), signal)
      return processService(process, address.shown, async () => {})
    }
    case 'ssh': {
      const command = `${service} ${quoteForShell(address.path)}`
      const program =
        needs.env['GIT_SSH_COMMAND'] ?? configuration?.get('core.sshcommand') ?? needs.env['GIT_SSH'] ?? null
      if (program !== null && program !== '') {
        // Whoever configured a command of their own gets that command.
        const viaShell = needs.env['GIT_SSH_COMMAND'] !== undefined || configuration?.get('core.sshcommand') != null
        const destination = address.user === null ? address.host : `${address.user}@${address.host}`
        const port =
          address.port === null
            ? []
            : [/\b(plink|tortoiseplink)(\.exe)?\b/i.test(program) ? '-P' : '-p', String(address.port)]
        const args = [...port, destination, command]
        const env = gitEnvironment(needs.env)
        const process = viaShell
          ? await startProcess('sh', ['-c', `${program} "$@"`, program, ...args], env, signal)
          : await startProcess(program, args, env, signal)
        return processService(process, address.host, async () => {})
      }
      const connection = await needs.ssh.connect(
        {
          host: address.host,
          ...(address.user !== null && { user: address.user }),
          ...(address.port !== null && { port: address.port }),
        },
        signal,
      )
      try {
        const process = await connection.exec(command, signal)
        return processService(process, address.host, () => connection[Symbol.asyncDispose]())
      } catch (error) {
        await connection[Symbol.asyncDispose]()
        throw error
      }
    }
  }
}
