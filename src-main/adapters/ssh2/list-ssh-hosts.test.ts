import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listSshHosts } from './list-ssh-hosts.ts'

test('hosts of an SSH configuration: included ones too, patterns and matches not, the first value holds', async () => {
  const home = await mkdtemp(join(tmpdir(), 'pilothouse-hosts-'))
  expect(await listSshHosts(home)).toEqual({ file: '~/.ssh/config', hosts: [] })
  await mkdir(join(home, '.ssh/fleet'), { recursive: true })
  await writeFile(join(home, '.ssh/fleet/porto'), 'Host porto-1 porto-2\n  User pi\n  Port 2222\n')
  await writeFile(
    join(home, '.ssh/config'),
    'Include fleet/*\nHost gate !bad *.lan\n  HostName 10.0.0.1\n  HostName 10.0.0.2\nMatch host gate\n  User other\nHost *\n  User all\n',
  )
  const { hosts } = await listSshHosts(home)
  expect(hosts).toEqual([
    { host: 'porto-1', address: null, user: 'pi', port: 2222 },
    { host: 'porto-2', address: null, user: 'pi', port: 2222 },
    { host: 'gate', address: '10.0.0.1', user: null, port: null },
  ])
  await rm(home, { recursive: true })
})
