import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import type { ContextEntry, ExecEntry, UserEntry } from './kubeconfig-entries.ts'
import { signInWith } from './sign-in.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-sign-in-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { signal } = new AbortController()
const entry = (user: Partial<UserEntry>): ContextEntry => ({
  context: {
    ...{ name: 'eu', cluster: 'eu', user: 'ada', namespace: null, server: 'https://eu.example.com', file: '/config' },
    ...{ current: true, sandbox: false },
  },
  cluster: { server: 'https://eu.example.com', caData: 'Q0E=', insecure: false, compress: true },
  user: { impersonate: {}, ...user },
})

/** A plugin that runs a shell's body, which knows its how manieth run it is as `$runs`. */
function plugin(name: string, body: string, over: Partial<ExecEntry> = {}): ExecEntry {
  const file = join(folder, name)
  const count = `echo run >> '${file}.runs'; runs=$(wc -l < '${file}.runs' | tr -d ' ')`
  writeFileSync(file, `#!/bin/sh\n${count}\n${body}\n`)
  chmodSync(file, 0o755)
  return {
    ...{ apiVersion: 'client.authentication.k8s.io/v1', command: file, args: [], env: {} },
    ...{ installHint: '', wantsCluster: false },
    ...over,
  }
}
const runsOf = ({ command }: ExecEntry): number => readFileSync(`${command}.runs`, 'utf8').split('\n').length - 1

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw error ?? new Error('It was not refused')
}

test('token, token file, password and impersonation become headers', async () => {
  const headers = async (user: Partial<UserEntry>) => (await signInWith(entry(user)).current(signal)).headers
  expect(await headers({ token: 't', impersonate: { 'Impersonate-User': 'x' } })).toEqual({
    'Impersonate-User': 'x',
    Authorization: 'Bearer t',
  })
  const file = join(folder, 'token')
  writeFileSync(file, 'from-file\n')
  const signIn = signInWith(entry({ tokenFile: file }))
  expect((await signIn.current(signal)).headers).toEqual({ Authorization: 'Bearer from-file' })
  writeFileSync(file, 'renewed\n')
  expect((await signIn.current(signal)).headers).toEqual({ Authorization: 'Bearer from-file' })
  expect(signIn.renew()).toBe(true)
  expect((await signIn.current(signal)).headers).toEqual({ Authorization: 'Bearer renewed' })
  expect(await headers({ username: 'ada', password: 'p:w' })).toEqual({
    Authorization: `Basic ${Buffer.from('ada:p:w').toString('base64')}`,
  })
  expect(signInWith(entry({ token: 't' })).renew()).toBe(false)
  const gone = await failureOf(signInWith(entry({ tokenFile: join(folder, 'gone') })).current(signal))
  expect(gone).toMatchObject({ code: 'unauthorized', key: 'cluster.credentialUnreadable' })
})

test('an exec plugin is run once for all who wait, told of the cluster, and again when its token runs out', async () => {
  const exec = plugin(
    'good',
    `echo "$KUBERNETES_EXEC_INFO" > "$0.info"
     if [ $runs = 1 ]; then end=2020-01-01T00:00:00Z; else end=2999-01-01T00:00:00Z; fi
     echo "{\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$runs $REGION $1\\",\\"expirationTimestamp\\":\\"$end\\"}}"`,
    { wantsCluster: true, env: { REGION: 'eu' }, args: ['--x'] },
  )
  const signIn = signInWith(entry({ exec }))
  const all = await Promise.all([signIn.current(signal), signIn.current(signal), signIn.current(signal)])
  expect(all.map(({ headers }) => headers['Authorization'])).toEqual(Array.from({ length: 3 }, () => 'Bearer 1 eu --x'))
  expect(runsOf(exec)).toBe(1)
  expect(JSON.parse(readFileSync(`${exec.command}.info`, 'utf8'))).toMatchObject({
    spec: { interactive: false, cluster: { server: 'https://eu.example.com', 'certificate-authority-data': 'Q0E=' } },
  })
  expect((await signIn.current(signal)).headers['Authorization']).toMatch(/^Bearer 2 /)
  expect((await signIn.current(signal)).headers['Authorization']).toMatch(/^Bearer 2 /)
  expect(runsOf(exec)).toBe(2)
})

test('a plugin may give a certificate', async () => {
  const exec = plugin('certificate', `echo '{"status":{"clientCertificateData":"CERT","clientKeyData":"KEY"}}'`)
  expect(await signInWith(entry({ exec })).current(signal)).toEqual({ headers: {}, cert: 'CERT', key: 'KEY' })
})

test('what goes wrong with a plugin is said, and never what it handed out', async () => {
  const secret = 'eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LXRva2Vu.c2ln'
  const failing = plugin('failing', `printf 'warming up\\ntoken ${secret} has expired\\n\\n' >&2; exit 3`)
  const failed = await failureOf(signInWith(entry({ exec: failing })).current(signal))
  expect(failed).toMatchObject({
    code: 'unauthorized',
    key: 'cluster.pluginFailed',
    params: { reason: expect.stringMatching(/^token .{1,3} has expired$/) as unknown },
  })
  const odd = plugin('odd', `echo '{"status":{"secret":"${secret}"}}'`)
  const none = await failureOf(signInWith(entry({ exec: odd })).current(signal))
  expect(none.key).toBe('cluster.pluginNoCredential')
  const text = plugin('text', `echo 'Please visit ${secret}'`)
  const noise = await failureOf(signInWith(entry({ exec: text })).current(signal))
  expect(noise.key).toBe('cluster.pluginNoCredential')
  for (const error of [failed, none, noise]) expect(`${error.message} ${error.stack}`).not.toContain(secret)
  const missing = { ...failing, command: 'no-such-sign-in-plugin', installHint: 'brew install it' }
  expect(await failureOf(signInWith(entry({ exec: missing })).current(signal))).toMatchObject({
    key: 'cluster.pluginMissing',
    params: { hint: 'brew install it' },
  })
})

test('whoever waits for a plugin beside one who leaves is answered all the same', async () => {
  const exec = plugin('slow', `sleep 0.2; echo '{"status":{"token":"t"}}'`)
  const signIn = signInWith(entry({ exec }))
  const leaving = new AbortController()
  const left = failureOf(signIn.current(leaving.signal))
  const stayed = signIn.current(signal)
  leaving.abort()
  expect((await left).code).toBe('cancelled')
  expect((await stayed).headers).toEqual({ Authorization: 'Bearer t' })
})

test('a token of an OIDC provider that is still good is used as it is', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = (end: number) => `${part({ alg: 'none' })}.${part({ exp: end })}.x`
  const good = token(Math.floor(Date.now() / 1000) + 3600)
  const provider = (id: string) => ({ name: 'oidc', config: { 'id-token': id, 'client-id': 'c' } })
  const { headers } = await signInWith(entry({ authProvider: provider(good) })).current(signal)
  expect(headers).toEqual({ Authorization: `Bearer ${good}` })
  const late = await failureOf(signInWith(entry({ authProvider: provider(token(1)) })).current(signal))
  expect(late).toMatchObject({ code: 'unauthorized', key: 'cluster.providerFailed' })
})
