import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { builtManifests } from '../../shared/environments/built-manifests.ts'
import {
  builtEnvironmentAt,
  environmentCalled,
  environmentOfPath,
  findEnvironments,
} from '../../shared/environments/find-environments.ts'
import { kustomizeReader } from '../../shared/environments/kustomize/kustomization-files.ts'
import { pickDefaultEnvironment } from '../../shared/environments/pick-default-environment.ts'
import type { ManifestFile } from '../../shared/manifests/manifest.ts'
import { readManifestFile } from '../../shared/manifests/read-manifests.ts'
import { translate } from '../../shared/messages/index.ts'
import { buildTopology } from '../../shared/topology/build-topology.ts'
import { sourceSeekers } from '../../shared/topology/source/find-sources.ts'
import { createFactsReader } from '../../shared/topology/source/read-source-file.ts'
import { factsOf, readSources, type SourceFiles } from '../../shared/topology/source/read-sources.ts'
import type { Environment, Topology } from '../../shared/topology/topology.ts'
import { createGoParser } from '../../src-main/adapters/tree-sitter/create-go-parser.ts'

/**
 * Scores the graph against hand-made truths: precision and recall over (from, to), self edges and what is ambiguous
 * left out, for edges that manifests show and for all. The corpus is data of other projects, so it is not kept here:
 * PILOTHOUSE_CORPUS names its folder (or it lies at ../shared/corpus).
 *
 *   node e2e/corpus/score-topology.ts [--list] [--sources DIR]
 *
 * DIR/<application> holds its program code, in one folder or several.
 */
type Pair = { readonly from: string; readonly to: string }
type Truth = {
  readonly kind?: string
  readonly path?: string
  readonly completeness?: string
  readonly nodes: readonly { readonly id: string; readonly aliases?: readonly string[] }[]
  readonly edges: readonly (Pair & { readonly class: string; readonly visibleIn: string })[]
  readonly negatives: readonly Pair[]
  readonly ambiguous: readonly Pair[]
  readonly danglingReferences?: readonly { readonly from: string; readonly target: string }[]
}

const root = process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')
const list = process.argv.includes('--list')
const sourcesAt = process.argv.includes('--sources') ? process.argv[process.argv.indexOf('--sources') + 1] : undefined
type Sum = { found: number; right: number; wanted: number; visible: number; seen: number }
const none = (): Sum => ({ found: 0, right: 0, wanted: 0, visible: 0, seen: 0 })
/** Over all applications, asked for by their own path. */
const totals: { readonly manifests: Sum; readonly source: Sum } = { manifests: none(), source: none() }
let negatives = 0
/** Of the corpus' README: what a reader gets that matches host names and nothing more. */
const naive: { readonly [precisionAndRecall: string]: string } = naiveFigures()

async function score(app: string): Promise<void> {
  const truth = JSON.parse(readFileSync(join(root, 'dev', app, 'truth.json'), 'utf8')) as Truth
  if (truth.kind === 'layout' || !truth.edges) return
  const repo = join(root, 'dev', app, 'repo')
  const start = performance.now()
  const files = globSync('**/*.{yaml,yml,json}', { cwd: repo })
    .sort()
    .map(path => readManifestFile(path, readFileSync(join(repo, path), 'utf8')))
  const parsed = performance.now()
  const texts = textsOf(repo)
  const reader = kustomizeReader(texts)
  const environments = findEnvironments(files, texts, reader)
  const paths = pathsOf(truth.path ?? '.')
  const [only] = paths.length === 1 ? paths : []
  const asked =
    (only !== undefined && (environmentCalled(environments, only) ?? builtEnvironmentAt(files, reader, only))) ||
    environmentOfPath(files, paths)
  /** The files of an environment as they are, or what its kustomization or chart makes of them. */
  const declared = (environment: Environment): readonly ManifestFile[] => {
    const members = files.filter(candidate => environment.files.includes(candidate.path))
    if (environment.kind === 'folder') return members
    const built = builtManifests(reader, environment)
    return [...built.manifests, ...members.filter(file => !built.files.includes(file.path))]
  }
  const build = (environment: Environment): Topology =>
    buildTopology(declared(environment), { environment: environment.id, revision: '' })
  console.log(
    `\n${app}  (${files.length} files, parsed in ${(parsed - start).toFixed(0)} ms; naive ${naive[app] ?? '-'})`,
  )
  if (asked) {
    const began = performance.now()
    const topology = build(asked)
    console.log(`  joined in ${(performance.now() - began).toFixed(1)} ms`)
    report(`--path ${asked.id}`, truth, topology)
  }
  const fallback = pickDefaultEnvironment(environments)
  if (fallback) report(`default ${fallback.id}`, truth, build(fallback))
  const code = sourcesAt === undefined ? undefined : join(sourcesAt, app)
  if (!asked || code === undefined || !existsSync(code)) return
  const manifests = declared(asked)
  const began = performance.now()
  const tree = await filesOn(code, app)
  const sources = await readSources(manifests, tree, undefined, factsOf(tree, createFactsReader(createGoParser())))
  console.log(`  source read in ${(performance.now() - began).toFixed(0)} ms`)
  if (list)
    for (const seeker of sourceSeekers(manifests)) {
      const source = sources.find(seeker)
      console.log(`    ${seeker.key}: ${source ? translate('en', source.how) : '-'}`)
    }
  report(
    `--path ${asked.id} --source`,
    truth,
    buildTopology(manifests, { environment: asked.id, revision: '', sources }),
  )
}

async function filesOn(directory: string, name: string): Promise<SourceFiles> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(path => statSync(join(directory, path), { throwIfNoEntry: false })?.isFile())
    .sort()
  return { name, paths, text: async path => readFileSync(join(directory, path), 'utf8') }
}

/** Texts of all files of a repository, by path. */
const textsOf = (repo: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(repo, { recursive: true, encoding: 'utf8' })
      .filter(path => statSync(join(repo, path), { throwIfNoEntry: false })?.isFile())
      .sort()
      .map(path => [path, readFileSync(join(repo, path), 'utf8')]),
  )

/** `a + b/c.yaml`: the second is beside the first where it does not exist from the root. */
const pathsOf = (path: string): string[] => path.split(' + ').map(part => part.trim())

function report(title: string, truth: Truth, topology: Topology): void {
  const name = new Map<string, string>()
  for (const node of truth.nodes) for (const alias of [node.id, ...(node.aliases ?? [])]) name.set(alias, node.id)
  const canonical = (id: string): string => name.get(id) ?? name.get(id.split('/').pop()!) ?? id
  const key = ({ from, to }: Pair): string => `${canonical(from)} → ${canonical(to)}`
  const ignored = new Set(truth.ambiguous.map(key))
  const wanted = new Map(truth.edges.filter(edge => !ignored.has(key(edge))).map(edge => [key(edge), edge]))
  const found = new Map(topology.edges.map(edge => [key(edge), edge]))
  for (const [pair, edge] of found)
    if (ignored.has(pair) || canonical(edge.from) === canonical(edge.to)) found.delete(pair)
  const right = [...found.keys()].filter(pair => wanted.has(pair))
  const wrong = [...found.keys()].filter(pair => !wanted.has(pair))
  const visible = [...wanted].filter(([, edge]) => edge.visibleIn === 'manifest').map(([pair]) => pair)
  const ratio = (part: number, whole: number): string => (whole === 0 ? '   -' : (part / whole).toFixed(2))
  console.log(
    `  ${title}\n    nodes ${topology.nodes.length}  found ${found.size}  right ${right.length}  wrong ${wrong.length}` +
      `  precision ${ratio(right.length, found.size)}  recall ${ratio(right.length, wanted.size)}` +
      `  of manifest-visible ${ratio(visible.filter(pair => found.has(pair)).length, visible.length)}`,
  )
  const classes = new Map<string, [number, number]>()
  for (const [pair, edge] of wanted) {
    const [hit, all] = classes.get(edge.class) ?? [0, 0]
    classes.set(edge.class, [hit + (found.has(pair) ? 1 : 0), all + 1])
  }
  console.log(
    `    recall by class: ${[...classes].map(([edgeClass, [hit, all]]) => `${edgeClass} ${hit}/${all}`).join('  ')}`,
  )
  const drawn = new Map<string, [number, number]>()
  for (const [pair, edge] of found) {
    const [hit, all] = drawn.get(edge.class) ?? [0, 0]
    drawn.set(edge.class, [hit + (wanted.has(pair) ? 1 : 0), all + 1])
  }
  console.log(
    `    precision by class as drawn: ${[...drawn].map(([edgeClass, [hit, all]]) => `${edgeClass} ${hit}/${all}`).join('  ')}`,
  )
  if (title.startsWith('--path')) {
    const sum = totals[title.endsWith('--source') ? 'source' : 'manifests']
    sum.found += found.size
    sum.right += right.length
    sum.wanted += wanted.size
    sum.visible += visible.length
    sum.seen += visible.filter(pair => found.has(pair)).length
  }
  const refuted = new Set(truth.negatives.map(key))
  for (const pair of found.keys())
    if (refuted.has(pair)) {
      console.log(`    NEGATIVE ${pair}`)
      negatives += 1
    }
  for (const pair of wrong)
    console.log(`    wrong   ${pair}  ${found.get(pair)!.confidence}  ${found.get(pair)!.evidence[0]?.detail}`)
  const sought = title.endsWith('--source') ? [...wanted.keys()] : visible
  for (const pair of sought) if (!found.has(pair)) console.log(`    missing ${pair}`)
  for (const node of truth.nodes)
    if (!topology.nodes.some(candidate => canonical(candidate.id) === node.id)) console.log(`    no node ${node.id}`)
  for (const { from, target } of truth.danglingReferences ?? [])
    if (
      !topology.findings.some(
        finding =>
          finding.kind === 'dangling-reference' &&
          canonical(finding.node ?? '') === from &&
          String(finding.message.params?.['host']).startsWith(target),
      )
    )
      console.log(`    dangling reference not said: ${from} → ${target}`)
  if (list) {
    for (const edge of topology.edges)
      console.log(
        `    ${edge.from} → ${edge.to}  ${edge.protocol} ${edge.class} ${edge.confidence}  ${edge.evidence[0]?.file}:${edge.evidence[0]?.line} ${edge.evidence[0]?.detail}`,
      )
    for (const finding of topology.findings)
      console.log(
        `    ${finding.kind} ${finding.severity} ${finding.file}:${finding.line} ${JSON.stringify(finding.message.params)}`,
      )
  }
}

function printTotals(): void {
  for (const [title, sum] of Object.entries(totals))
    if (sum.wanted > 0)
      console.log(
        `\nall, ${title === 'source' ? 'with source' : 'manifests alone'}: precision ${(sum.right / sum.found).toFixed(3)}` +
          `  recall of what manifests show ${(sum.seen / sum.visible).toFixed(3)}  of all edges ${(sum.right / sum.wanted).toFixed(3)}`,
      )
  console.log(`edges that the truth denies: ${negatives}`)
}

function naiveFigures(): { [app: string]: string } {
  const readme = join(root, 'README.md')
  const figures: Record<string, string> = {}
  if (!existsSync(readme)) return figures
  for (const match of readFileSync(readme, 'utf8').matchAll(
    /^\| ([a-z-]+)[^|]*\| \d+ \| \d+ \| \d+ \| ([\d.]+) \| ([\d.]+) \|$/gm,
  ))
    figures[match[1]!] = `precision ${match[2]} recall ${match[3]}`
  return figures
}

if (!existsSync(join(root, 'dev'))) console.log(`NOT RUN: no corpus at ${root}`)
else {
  for (const file of globSync('dev/*/truth.json', { cwd: root }).sort()) await score(file.split('/')[1]!)
  printTotals()
}
