import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diffPackageSets } from '../../shared/dependencies/diff-package-sets.ts'
import { explainDiff } from '../../shared/dependencies/explain-diff.ts'
import { readGraphFile } from '../../shared/dependencies/formats/go.ts'
import { compare, print } from '../git/compare.ts'
import { generateGraphs } from './generate-graph.ts'

/**
 * Two dependency graphs of 50,000 edges, from their files to what differs: edges, and the versions that are built of
 * each module; beside `sort` of both and `comm`, which tell the edges alone.
 */
const folder = process.argv[2] ?? '.'
const [old, now] = [join(folder, 'before.graph'), join(folder, 'after.graph')]
const { before, after } = generateGraphs(50_000)
writeFileSync(old, before)
writeFileSync(now, after)

const read = (path: string) => readGraphFile({ path, text: readFileSync(path, 'latin1') })
const shell = `sort ${old} > ${old}.sorted && sort ${now} > ${now}.sorted && comm -3 ${old}.sorted ${now}.sorted`
const told = execFileSync('sh', ['-c', shell], { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 28 })
const { edges } = diffPackageSets(read(old), read(now))
const lines = told.toString().trimEnd().split('\n').length
if (edges.added.length + edges.removed.length !== lines)
  throw new Error(`${edges.added.length + edges.removed.length} edges differ here, ${lines} for comm`)

const withSort = (): void =>
  void execFileSync('sh', ['-c', shell], { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 28 })
print(
  await compare(
    'diff of two graphs of 50,000 edges',
    2,
    15,
    async () => void diffPackageSets(read(old), read(now)),
    withSort,
    'sort + comm (LC_ALL=C)',
  ),
)
print(
  await compare(
    'the same, each change with the way that brought it',
    2,
    15,
    async () => {
      const [a, b] = [read(old), read(now)]
      explainDiff(diffPackageSets(a, b), a, b)
    },
    withSort,
    'sort + comm (LC_ALL=C)',
  ),
)
