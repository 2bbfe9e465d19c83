import * as z from 'zod/mini'
import { Edit } from '../edits/edit.ts'
import { AppError } from '../errors.ts'
import type { Gate } from '../gate/gate.ts'
import type { RecordedMetrics } from '../metrics/contract.ts'
import type { Topology } from '../topology/topology.ts'
import { canonicalJson, compactJson } from './canonical-json.ts'
import type { Snapshot } from './decision.ts'

/** The version that is written. */
export const snapshotVersion: Snapshot['apiVersion'] = 'pilothouse.dev/v1alpha1'

/** A snapshot is part of the commit whose id it would have to name. */
export const withoutRevision = ({ revision: _, ...rest }: Topology): Omit<Topology, 'revision'> => rest

export const formatSnapshot = (snapshot: Snapshot): string => canonicalJson(snapshot)

const Written = z.looseObject({
  apiVersion: z.string(),
  kind: z.literal('Snapshot'),
  decisionId: z.string(),
  base: z.nullable(z.string()),
  environment: z.nullable(z.string()),
  edits: z.array(Edit),
  gate: z.custom<Gate>(value => typeof value === 'object' && value !== null && 'verdict' in value && 'items' in value),
  topology: z.nullable(
    z.custom<Omit<Topology, 'revision'>>(
      value => typeof value === 'object' && value !== null && 'nodes' in value && 'edges' in value,
    ),
  ),
  metrics: z.optional(
    z.custom<RecordedMetrics>(
      value => typeof value === 'object' && value !== null && 'sources' in value && Array.isArray(value.sources),
    ),
  ),
})

/**
 * How each version that was ever written is read, as what the present one holds. Snapshots are committed and stay for
 * ever: a version is added here and none is taken out.
 */
const versions: { readonly [version: string]: (value: unknown) => ReturnType<typeof Written.safeParse> } = {
  'pilothouse.dev/v1alpha1': value => Written.safeParse(value),
}

/** Reads `snapshot.json` of any version. Rejects `invalid-input` that names the file and what is wrong with it. */
export function readSnapshot(file: string, text: string): Snapshot {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid-input', 'decision.brokenSnapshot', { file, reason: String(error) }, { cause: error })
  }
  const version = typeof value === 'object' && value !== null && 'apiVersion' in value ? String(value.apiVersion) : ''
  const read = Object.hasOwn(versions, version) ? versions[version]!(value) : null
  if (!read) throw new AppError('unsupported', 'decision.newerSnapshot', { file, version })
  if (!read.success)
    throw new AppError('invalid-input', 'decision.brokenSnapshot', { file, reason: read.error.message })
  return { ...read.data, apiVersion: snapshotVersion } as Snapshot
}

/**
 * What `Change-Set` is the SHA-256 of: the base commit and the edits in order. The same edits on the same base are the
 * same change, so publishing them twice finds the first.
 */
export const changeSetText = (base: string | null, edits: readonly Edit[], recordOf = ''): string =>
  compactJson({ base: base ?? '', edits, ...(recordOf !== '' && { record: recordOf }) })
