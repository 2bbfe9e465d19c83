import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkAudit } from '../../shared/audit/audit-log.ts'
import { AppError } from '../../shared/errors.ts'
import { translate } from '../../shared/messages/index.ts'
import { verifySignature } from '../adapters/git/commit/verify-signature.ts'
import { openRepositoryWith } from '../adapters/git/open-repository.ts'
import { auditHashes, systemClock } from '../adapters/system/system.ts'
import type { Given } from './command.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/**
 * `pilothouse verify`: an audit log against itself, its signature, and with a folder against that repository. The
 * answer is no (1) for the first line that was altered, a signature that does not fit, or a commit that is not there.
 */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [file = '', directory] = given.positionals
  const result = checkAudit(await read(resolve(terminal.directory, file), file), auditHashes, text =>
    Buffer.from(text, 'base64'),
  )
  const json = given.has('json')
  if (result.kind === 'altered') {
    const { line, commit, reason } = result
    if (json) printJson(terminal, { verdict: 'altered', line, commit, reason: reason.key })
    else {
      const params = { file, line, reason: translate(terminal.locale, reason), commit: commit?.slice(0, 10) ?? '' }
      terminal.say({ key: commit === null ? 'audit.altered' : 'audit.alteredCommit', params })
    }
    return exit.no
  }
  const { commits, decisions, to, signed, ids } = result
  const signature = signed && (await verifySignature(signed.hash, signed.signature))
  const missing = directory === undefined ? null : await missingIn(resolve(terminal.directory, directory), ids)
  const fine = signature?.kind !== 'bad' && missing === null
  if (json)
    printJson(terminal, {
      verdict: signature?.kind === 'bad' ? 'bad-signature' : missing !== null ? 'missing-commit' : 'intact',
      commits,
      decisions,
      to,
      signature: signature?.kind ?? 'none',
      ...(missing !== null && { commit: missing }),
    })
  else {
    terminal.say({ key: 'audit.intact', params: { file, commits, decisions, to: to.slice(0, 10) } })
    if (!signature) terminal.say({ key: 'audit.unsigned' })
    else if (signature.kind === 'good') terminal.say({ key: 'audit.signed', params: { by: signature.by } })
    else if (signature.kind === 'bad') terminal.say({ key: 'audit.badSignature', params: { reason: signature.reason } })
    else terminal.say({ key: 'audit.signatureUnchecked', params: { program: signature.program } })
    if (missing !== null)
      terminal.say({ key: 'audit.missingCommit', params: { file, commit: missing, directory: directory ?? '' } })
    else if (directory !== undefined) terminal.say({ key: 'audit.inRepository', params: { directory } })
  }
  return fine ? exit.fine : exit.no
}

async function missingIn(directory: string, ids: readonly string[]): Promise<string | null> {
  await using repository = await openRepositoryWith({ clock: systemClock })(directory)
  for (const id of ids) if ((await repository.resolve(id)) !== id) return id
  return null
}

async function read(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AppError('not-found', 'cli.cannotRead', { file }, { cause })
  }
}
