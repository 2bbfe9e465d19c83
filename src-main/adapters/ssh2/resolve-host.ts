import { isAbsolute, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { SshTarget } from '../../needs/ssh.ts'
import { matchesPatterns } from './match-pattern.ts'
import type { Condition, Directive } from './read-ssh-config.ts'

/** Everything about one hop, with OpenSSH's defaults filled in and its tokens expanded. */
export type HostSettings = {
  /** As it was asked for. */
  readonly alias: string
  readonly hostName: string
  readonly port: number
  readonly user: string
  readonly identityFiles: readonly string[]
  /** False: the identity files are the defaults, and it is no fault when they are missing. */
  readonly identityFilesGiven: boolean
  readonly certificateFiles: readonly string[]
  readonly identitiesOnly: boolean
  /** A socket; null: no agent. */
  readonly identityAgent: string | null
  readonly userKnownHosts: readonly string[]
  readonly globalKnownHosts: readonly string[]
  readonly strictHostKeyChecking: 'yes' | 'ask' | 'accept-new' | 'no'
  readonly hashKnownHosts: boolean
  /** The name the host's key is kept under. */
  readonly hostKeyAlias: string | null
  /** Hops in the order they are made; empty: none. */
  readonly proxyJump: readonly string[]
  readonly proxyCommand: string | null
  /** Milliseconds; 0: never. */
  readonly aliveInterval: number
  readonly aliveCountMax: number
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly batchMode: boolean
  readonly methods: { readonly publicKey: boolean; readonly password: boolean; readonly keyboard: boolean }
}

/** The machine and the person, as far as settings depend on them. */
export type LocalSide = {
  readonly home: string
  readonly user: string
  readonly hostName: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Runs a `Match exec` command; true when it succeeds. */
  readonly succeeds: (command: string) => Promise<boolean>
}

const defaultIdentities = ['id_rsa', 'id_ecdsa', 'id_ed25519']
const defaultConnectTimeout = 20_000
/** OpenSSH's is never. A connection that is kept and shared must learn that its line was cut, so ours asks. */
const defaultAliveInterval = 15_000

/** The settings for a target: for each keyword the first value whose conditions hold, as `ssh_config(5)` says. */
export async function resolveHost(
  target: SshTarget,
  directives: readonly Directive[],
  local: LocalSide,
): Promise<HostSettings> {
  const first = new Map<string, string>()
  const identityFiles: string[] = []
  const certificateFiles: string[] = []
  if (target.user !== undefined) first.set('user', target.user)
  if (target.port !== undefined) first.set('port', String(target.port))

  const hostNow = () => {
    const name = first.get('hostname')
    return name === undefined ? target.host : name.replace(/%(h|%)/g, (_, token) => (token === 'h' ? target.host : '%'))
  }
  const userNow = () => first.get('user') ?? local.user

  for (const final of directives.some(isFinal) ? [false, true] : [false]) {
    const known = new Map<Condition, boolean>()
    for (const { name, value, conditions } of directives) {
      let holds = true
      for (const condition of conditions) {
        // Decided when it is first met: what comes later must not change a block that has begun.
        let met = known.get(condition)
        if (met === undefined) {
          met = await meets(condition, { original: target.host, host: hostNow(), user: userNow(), final, local })
          known.set(condition, met)
        }
        if (!met) {
          holds = false
          break
        }
      }
      if (!holds) continue
      if (name === 'identityfile') {
        if (!identityFiles.includes(value)) identityFiles.push(value)
      } else if (name === 'certificatefile') {
        if (!certificateFiles.includes(value)) certificateFiles.push(value)
      } else if (name === 'proxyjump' || name === 'proxycommand') {
        // Whichever of the two comes first switches the other off.
        if (!first.has('proxyjump') && !first.has('proxycommand')) first.set(name, value)
      } else if (!first.has(name)) first.set(name, value)
    }
  }

  const text = (name: string, fallback: string) => first.get(name) ?? fallback
  const is = (name: string, fallback: 'yes' | 'no') => /^(yes|true)$/i.test(text(name, fallback))
  const seconds = (name: string, fallback: number): number => {
    const value = first.get(name)
    if (value === undefined || value === 'none') return fallback
    const match = /^(\d+)([smhd]?)$/i.exec(value)
    if (!match) throw new AppError('invalid-input', 'transport.sshConfigValue', { name, value })
    return Number(match[1]) * { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2]!.toLowerCase()]! * 1000
  }

  const hostName = hostNow()
  const user = userNow()
  const port = Number(text('port', '22'))
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new AppError('invalid-input', 'transport.sshConfigValue', { name: 'Port', value: text('port', '22') })
  const jump = text('proxyjump', 'none')

  const tokens: Record<string, string> = {
    '%': '%',
    h: hostName,
    n: target.host,
    p: String(port),
    r: user,
    u: local.user,
    d: local.home,
    l: local.hostName,
    L: local.hostName.replace(/\..*/, ''),
    i: String(process.getuid?.() ?? ''),
    j: jump === 'none' ? '' : jump,
    k: first.get('hostkeyalias') ?? target.host,
  }
  const expand = (value: string) => value.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole)
  const path = (value: string): string => {
    const full = expand(value).replace(/\$\{(\w+)\}/g, (_, name: string) => local.env[name] ?? '')
    if (full === '~') return local.home
    if (full.startsWith('~/')) return join(local.home, full.slice(2))
    return isAbsolute(full) || full === 'none' ? full : join(local.home, '.ssh', full)
  }
  const paths = (name: string, fallback: string) =>
    text(name, fallback)
      .split(/\s+/)
      .filter(file => file !== '' && file !== 'none')
      .map(path)

  const agent = text('identityagent', 'SSH_AUTH_SOCK')
  const identityAgent =
    agent === 'none'
      ? null
      : agent === 'SSH_AUTH_SOCK'
        ? (local.env['SSH_AUTH_SOCK'] ?? null)
        : agent.startsWith('$')
          ? (local.env[agent.replace(/^\$\{?|\}$/g, '')] ?? null)
          : path(agent)
  const strict = text('stricthostkeychecking', 'ask').toLowerCase()
  const command = text('proxycommand', 'none')

  return {
    alias: target.host,
    hostName,
    port,
    user,
    identityFiles: (identityFiles.length > 0 ? identityFiles : defaultIdentities).filter(f => f !== 'none').map(path),
    identityFilesGiven: identityFiles.length > 0,
    certificateFiles: certificateFiles.filter(file => file !== 'none').map(path),
    identitiesOnly: is('identitiesonly', 'no'),
    identityAgent: identityAgent || null,
    userKnownHosts: paths('userknownhostsfile', '~/.ssh/known_hosts ~/.ssh/known_hosts2'),
    globalKnownHosts: paths('globalknownhostsfile', '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2'),
    strictHostKeyChecking:
      strict === 'yes' || strict === 'accept-new' || strict === 'no' ? strict : strict === 'off' ? 'no' : 'ask',
    hashKnownHosts: is('hashknownhosts', 'no'),
    hostKeyAlias: first.get('hostkeyalias') ?? null,
    proxyJump: jump === 'none' ? [] : jump.split(',').map(hop => hop.trim()),
    proxyCommand: command === 'none' ? null : expand(command),
    aliveInterval: seconds('serveraliveinterval', defaultAliveInterval),
    aliveCountMax: Number(text('serveralivecountmax', '3')) || 3,
    connectTimeout: seconds('connecttimeout', defaultConnectTimeout) || defaultConnectTimeout,
    batchMode: is('batchmode', 'no'),
    methods: {
      publicKey: !/^no$/i.test(text('pubkeyauthentication', 'yes')),
      password: is('passwordauthentication', 'yes'),
      keyboard: is(
        'kbdinteractiveauthentication',
        text('challengeresponseauthentication', 'yes') === 'no' ? 'no' : 'yes',
      ),
    },
  }
}

const isFinal = (directive: Directive) =>
  directive.conditions.some(({ kind, words }) => kind === 'match' && words.some(word => /^!?final$/i.test(word)))

async function meets(
  { kind, words }: Condition,
  now: { original: string; host: string; user: string; final: boolean; local: LocalSide },
): Promise<boolean> {
  if (kind === 'host')
    return matchesPatterns(
      words.flatMap(word => word.split(/\s+/)),
      now.original,
    )
  for (let index = 0; index < words.length; index++) {
    const negated = words[index]!.startsWith('!')
    const criterion = words[index]!.slice(negated ? 1 : 0).toLowerCase()
    const patterns = () => (words[++index] ?? '').split(',')
    const holds =
      criterion === 'all'
        ? true
        : criterion === 'final'
          ? now.final
          : criterion === 'host'
            ? matchesPatterns(patterns(), now.host)
            : criterion === 'originalhost'
              ? matchesPatterns(patterns(), now.original)
              : criterion === 'user'
                ? matchesPatterns(patterns(), now.user)
                : criterion === 'localuser'
                  ? matchesPatterns(patterns(), now.local.user)
                  : criterion === 'exec'
                    ? await now.local.succeeds(expandExec(words[++index] ?? '', now))
                    : // `canonical` never holds: names are not canonicalised here. Anything newer is unknown: no match.
                      null
    if (holds === null && criterion !== 'canonical') return false
    if ((holds ?? false) === negated) return false
  }
  return true
}

const expandExec = (command: string, now: { original: string; host: string; user: string; local: LocalSide }) => {
  const tokens: Record<string, string> = {
    '%': '%',
    h: now.host,
    n: now.original,
    r: now.user,
    u: now.local.user,
    d: now.local.home,
  }
  return command.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole)
}

/** `[user@]host[:port]`, `ssh://…` and bracketed IPv6 addresses, as `ProxyJump` writes them. */
export function parseHop(hop: string): SshTarget {
  const text = hop.replace(/^ssh:\/\//i, '').replace(/\/$/, '')
  const match = /^(?:(.+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text)
  if (!match) throw new AppError('invalid-input', 'transport.sshConfigValue', { name: 'ProxyJump', value: hop })
  return {
    host: (match[2] ?? match[3])!,
    ...(match[1] !== undefined && { user: match[1] }),
    ...(match[4] !== undefined && { port: Number(match[4]) }),
  }
}
