import { blocksText, type Chunk, type FileChunks } from './chunks.ts'
import type { ContentFile, Release } from './release.ts'
import { manifestText } from './release.ts'

/** How a node puts a release together: from stretches it has, and from those that are sent. */
export type Assembly = {
  /** One line a step, for the node's shell. */
  readonly steps: string
  /** What the node does not have, in the order it is sent. */
  readonly literals: readonly Uint8Array[]
}

type Have = { readonly path: string; readonly offset: number }
type Cut = { readonly file: ContentFile; readonly bytes: Uint8Array; readonly runs: readonly Run[] }

/**
 * Works out what of a release a node has already in `base`, the blocks of its current one. Steps are `f <mode> <path>`
 * (a file begins), `c <offset> <length> <path>` (copy from the current release), `l <offset> <length>` (take from what was
 * sent), `t <lines>` (take the lines that follow, which saves a small board starting programs) and, as the last one, `m <length> <mode> <path>`: what was sent, cut to this length, is that file. So the largest
 * of the files that are sent whole comes first and lies where it arrives: a first release is written once. After all this
 * the node checks every file against its SHA-256.
 */
export async function assemble(
  release: Release<ContentFile>,
  base: readonly FileChunks[],
  chunksOf: (file: ContentFile) => Promise<readonly Chunk[]>,
): Promise<Assembly> {
  const known = new Map<string, Have>()
  for (const { path, chunks } of base)
    for (const { hash: name, length, offset } of chunks) known.set(`${name} ${length}`, { path, offset })
  const signature: FileChunks[] = []
  const cuts: Cut[] = []
  for (const file of release.files) {
    const bytes = await file.bytes()
    const chunks = await chunksOf(file)
    signature.push({ path: file.path, chunks })
    cuts.push({ file, bytes, runs: runsOf(chunks, known) })
  }
  const largest = cuts
    .filter(({ runs }) => runs.length === 1 && runs[0]!.from === null)
    .reduce<Cut | null>((most, cut) => (cut.bytes.length > (most?.bytes.length ?? 0) ? cut : most), null)

  const steps: string[] = []
  const literals: Uint8Array[] = largest ? [largest.bytes] : []
  let sent = largest?.bytes.length ?? 0
  const literal = (bytes: Uint8Array): void => {
    const lines = linesOf(bytes)
    if (lines) {
      steps.push(`t ${lines.length}`, ...lines)
      return
    }
    steps.push(`l ${sent} ${bytes.length}`)
    literals.push(bytes)
    sent += bytes.length
  }
  for (const cut of cuts) {
    if (cut === largest) continue
    steps.push(`f ${cut.file.mode} ${cut.file.path}`)
    for (const run of cut.runs)
      if (run.from) steps.push(`c ${run.from.offset} ${run.length} ${run.from.path}`)
      else literal(cut.bytes.subarray(run.offset, run.offset + run.length))
  }
  for (const [path, text] of [
    ['.pilothouse/manifest', manifestText(release.files)],
    ['.pilothouse/blocks', blocksText(signature)],
    ['.pilothouse/about', `version ${release.version ?? ''}\n`],
  ] as const) {
    steps.push(`f 644 ${path}`)
    literal(new TextEncoder().encode(text))
  }
  if (largest) steps.push(`m ${largest.bytes.length} ${largest.file.mode} ${largest.file.path}`)
  return { steps: `${steps.join('\n')}\n`, literals }
}

/** The lines of a small plain text, which any shell can read and write; null for anything else. */
function linesOf(bytes: Uint8Array): readonly string[] | null {
  if (bytes.length > 2048 || bytes.at(-1) !== 10) return null
  if (!bytes.every(byte => byte === 9 || byte === 10 || (byte >= 32 && byte < 127))) return null
  return new TextDecoder().decode(bytes).slice(0, -1).split('\n')
}

type Run = { readonly offset: number; length: number; readonly from: Have | null }

/** Chunks that follow each other here and there are one stretch; so are those that are sent. */
function runsOf(chunks: readonly Chunk[], known: ReadonlyMap<string, Have>): readonly Run[] {
  const runs: Run[] = []
  for (const { hash, offset, length } of chunks) {
    const from = known.get(`${hash} ${length}`) ?? null
    const last = runs.at(-1)
    const follows =
      last &&
      (from === null
        ? last.from === null
        : last.from?.path === from.path && last.from.offset + last.length === from.offset)
    if (follows) last.length += length
    else runs.push({ offset, length, from })
  }
  return runs
}
