import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { compareSets } from '../../shared/dependencies/compare-sets.ts'
import { detectFormat, type Format, formatNamed } from '../../shared/dependencies/detect-format.ts'
import { diffToJson, isSameDiff } from '../../shared/dependencies/diff-to-json.ts'
import { type Ecosystem, ecosystemNamed, ecosystems, ecosystemWord } from '../../shared/dependencies/ecosystem.ts'
import type { PlacedSet } from '../../shared/dependencies/package-set.ts'
import type { DependencyFile } from '../../shared/dependencies/read-data.ts'
import { isVendored, readPackageSets } from '../../shared/dependencies/read-package-sets.ts'
import { AppError } from '../../shared/errors.ts'
import type { Given } from './command.ts'
import { describeDependencyDiff } from './describe-dependency-diff.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse deps diff-files`: what differs between two lock files, manifests, graphs, documents, or folders of such. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [before, after] = given.positionals.map(path => resolve(terminal.directory, path))
  const wanted = ecosystemAsked(given.value('ecosystem'))
  const compared = compareSets(setsAt(before!, wanted), setsAt(after!, wanted))
  const differs = compared.some(({ diff }) => !isSameDiff(diff))
  if (given.has('json')) printJson(terminal, diffToJson(compared))
  else if (differs) terminal.out(describeDependencyDiff(compared, terminal.locale))
  else terminal.say({ key: 'cli.noDifference' })
  return differs && given.has('exit-code') ? exit.no : exit.fine
}

function ecosystemAsked(word: string | undefined): Ecosystem | null {
  if (word === undefined) return null
  const ecosystem = ecosystemNamed(word)
  const known = ecosystems.map(ecosystemWord).join(', ')
  if (!ecosystem) throw new AppError('invalid-input', 'dependency.unknownEcosystem', { name: word, known })
  return ecosystem
}

function setsAt(path: string, wanted: Ecosystem | null): readonly PlacedSet[] {
  const status = statSync(path, { throwIfNoEntry: false })
  if (!status) throw new AppError('not-found', 'dependency.noSuchFile', { file: path })
  const isFolder = status.isDirectory()
  const files = isFolder ? filesIn(path) : fileAndItsManifest(path)
  const sets = readPackageSets(files, wanted)
  if (sets.length === 0) {
    const key = isFolder ? 'dependency.nothingInFolder' : 'dependency.unknownFile'
    throw new AppError('invalid-input', key, { file: path })
  }
  const asked = wanted === null ? sets : sets.filter(({ set }) => set.ecosystem === wanted)
  if (asked.length === 0) {
    const found = [...new Set(sets.map(({ set }) => ecosystemWord(set.ecosystem)))].join(', ')
    throw new AppError('invalid-input', 'dependency.notThatEcosystem', {
      file: path,
      ecosystem: ecosystemWord(wanted!),
      found,
    })
  }
  // Two files are compared whatever they are called.
  return isFolder ? asked : asked.map(({ set }) => ({ folder: '', set }))
}

const mayBeDocument = /\.(json|xml|spdx|txt|lock|tree|ya?ml)$/i
/** Words of these are in many texts that are something else. */
const vague: ReadonlySet<Format> = new Set(['requirements', 'dockerfile', 'package.json', 'manifests'])

function filesIn(folder: string): DependencyFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap(entry => {
    if (!entry.isFile()) return []
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')
    if (isVendored(path)) return []
    const isNamed = formatNamed(path) !== null
    // A document of any name is one that a person put there; deeper down only names that are known are looked at.
    if (!isNamed && (path.includes('/') || !mayBeDocument.test(path))) return []
    const file = { path, text: readFileSync(join(folder, path), 'utf8') }
    const format = isNamed ? null : detectFormat(file)
    return isNamed || (format !== null && !vague.has(format)) ? [file] : []
  })
}

/** Locks that do not say what is direct, and the manifest that does. */
const manifests: { readonly [lock: string]: readonly string[] } = {
  'go.sum': ['go.mod'],
  'yarn.lock': ['package.json'],
  'package-lock.json': ['package.json'],
  'Cargo.lock': ['Cargo.toml'],
  'poetry.lock': ['pyproject.toml'],
  'pdm.lock': ['pyproject.toml'],
  'Pipfile.lock': ['Pipfile'],
  'composer.lock': ['composer.json'],
  'mix.lock': ['mix.exs'],
  'gradle.lockfile': ['build.gradle', 'build.gradle.kts'],
}

function fileAndItsManifest(path: string): DependencyFile[] {
  const read = (name: string): DependencyFile => ({ path: name, text: readFileSync(join(dirname(path), name), 'utf8') })
  const asked = read(basename(path))
  if (detectFormat(asked) === null) throw new AppError('invalid-input', 'dependency.unknownFile', { file: path })
  const beside = (manifests[basename(path)] ?? []).filter(
    name => name !== 'go.mod' && statSync(join(dirname(path), name), { throwIfNoEntry: false })?.isFile(),
  )
  return [asked, ...beside.map(read)]
}
