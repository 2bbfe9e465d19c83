import type { EdgeService } from '../edge/read-edge.ts'

/** Name of the systemd unit of a service. The prefix keeps it apart from what the node came with. */
export const unitName = (service: string): string => `pilothouse-${service}.service`

/** Where a release keeps its artifact. */
export function artifactPath({ artifact }: EdgeService): string | null {
  const from = artifact.path ?? artifact.url?.replace(/[?#].*$/, '').replace(/^https?:\/\/[^/]*/, '')
  if (from === undefined) return null
  if (artifact.unpack) return '.pilothouse/artifact.tar'
  return from.split('/').filter(Boolean).at(-1) ?? 'artifact'
}

/**
 * The systemd unit of a service whose releases are below `home` (`/opt/pilothouse/<service>`). It names the link
 * `current` only, so that one switch of the link changes program, files and unit together. Options and their quoting
 * follow systemd.exec(5), systemd.service(5), systemd.resource-control(5) and systemd.syntax(7).
 */
export function unitFile(service: EdgeService, home: string): string {
  const { name, version, unit = {}, artifact } = service
  const current = `${home}/current`
  const { scheduling } = unit
  const realtime = scheduling?.policy === 'fifo' || scheduling?.policy === 'rr'
  const after = unit.after ?? ['network.target']
  return `${[
    '# Made by Pilothouse; changes are made in .pilothouse/edge of the workspace.',
    '[Unit]',
    `Description=${specifiers(unit.description ?? (version === undefined ? name : `${name} ${version}`))}`,
    ...(after.length > 0 ? [`After=${after.join(' ')}`] : []),
    ...(unit.requires?.length ? [`Requires=${unit.requires.join(' ')}`] : []),
    ...(unit.wants?.length ? [`Wants=${unit.wants.join(' ')}`] : []),
    '',
    '[Service]',
    'Type=exec',
    ...(artifact.image === undefined ? program(service, current) : container(service, artifact.image)),
    ...(service.env ?? []).map(({ name: key, value }) => `Environment=${quoted(`${key}=${value}`)}`),
    ...setting('User', unit.user),
    ...setting('Group', unit.group),
    ...setting(
      'CPUAffinity',
      unit.cpuAffinity === undefined ? undefined : String(unit.cpuAffinity).replaceAll(',', ' '),
    ),
    ...setting('CPUQuota', unit.cpuQuota),
    ...setting('MemoryMax', unit.memoryMax),
    `Restart=${unit.restart ?? 'on-failure'}`,
    `RestartSec=${unit.restartSec === undefined ? '1s' : systemdTime(unit.restartSec)}`,
    ...setting('CPUSchedulingPolicy', scheduling?.policy),
    ...setting('CPUSchedulingPriority', realtime ? scheduling?.priority : undefined),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ].join('\n')}\n`
}

const setting = (key: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`${key}=${value}`]

/** systemd calls minutes `min` or `m`, and milliseconds `ms`: as we do. */
const systemdTime = (duration: string): string => duration.replace(/m$/, 'min')

function program(service: EdgeService, current: string): string[] {
  const [first = `./${artifactPath(service) ?? ''}`, ...rest] = service.command ?? []
  const path = first.startsWith('/') ? first : `${current}/${first.replace(/^\.\//, '')}`
  return [
    `WorkingDirectory=${specifiers(current)}`,
    `ExecStart=${[path, ...rest, ...(service.args ?? [])].map(argument).join(' ')}`,
  ]
}

/** An image is run by what the node has; the unit says neither, so that it is the same on all nodes. */
function container(service: EdgeService, image: string): string[] {
  const run = 'exec "$(command -v podman || command -v docker)" "$@"'
  const name = `pilothouse-${service.name}`
  const environment = (service.env ?? []).flatMap(({ name: key }) => ['--env', key])
  const [entrypoint, ...rest] = service.command ?? []
  const remove = ['/bin/sh', '-c', run, 'sh', 'rm', '--force', name].map(argument).join(' ')
  const start = ['/bin/sh', '-c', run, 'sh', 'run', '--rm', '--name', name, '--network', 'host', ...environment]
  if (entrypoint !== undefined) start.push('--entrypoint', entrypoint)
  start.push(image, ...rest, ...(service.args ?? []))
  return [`ExecStartPre=-${remove}`, `ExecStart=${start.map(argument).join(' ')}`, `ExecStopPost=-${remove}`]
}

/** `%` begins a specifier everywhere in a unit. */
const specifiers = (text: string): string => text.replaceAll('%', '%%')

/** In double quotes with C escapes, as systemd.syntax(7) reads them. */
const quoted = (text: string): string =>
  `"${specifiers(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')}"`

/** On a command line `$` begins a variable too. */
const argument = (text: string): string => {
  const escaped = text.replaceAll('$', '$$$$')
  return /^[A-Za-z0-9_@+:,./=-]+$/.test(escaped) ? escaped : quoted(escaped)
}
