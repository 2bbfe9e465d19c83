import type { Edit } from '../../../shared/edits/edit.ts'
import type { KeptLatency } from '../../../shared/fleet/contract.ts'
import type { Gate } from '../../../shared/gate/gate.ts'
import { judgeChange } from '../../../shared/gate/judge-change.ts'
import type { Manifest, ManifestFile } from '../../../shared/manifests/manifest.ts'
import { type GateFacts, gateFacts } from '../../../shared/rules/gate-facts.ts'
import { workspaceRules } from '../../../shared/rules/workspace-rules.ts'
import type { ServiceBudget } from '../../../shared/slo/error-budget.ts'
import type { Environment, Topology } from '../../../shared/topology/topology.ts'
import {
  emptyWorkspaceFile,
  readWorkspaceFile,
  type WorkspaceFile,
} from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { Identity } from '../../needs/git-repository.ts'
import { manifestsIn, type TextFile, type WorkspaceFiles, type WorkspaceReader } from '../topology/index.ts'

/** One side of a change, of one environment. */
export type JudgedSide = {
  readonly files: WorkspaceFiles
  /** Undefined where it does not exist on this side. */
  readonly environment: Environment | undefined
  readonly topology: Topology
}

const notes = new WeakMap<TextFile, WorkspaceFile>()
const nothingSaid = emptyWorkspaceFile(workspacePath)
function workspaceFileOf(files: WorkspaceFiles): WorkspaceFile {
  const file = files.get(workspacePath)
  if (!file) return nothingSaid
  let read = notes.get(file)
  if (!read) {
    read = readWorkspaceFile(file.path, file.text)
    notes.set(file, read)
  }
  return read
}

/** Of files that are the same list, the same list: nothing in it has to be compared then. */
const inOneList = new WeakMap<readonly ManifestFile[], readonly Manifest[]>()
function manifestsOf(reader: WorkspaceReader, { files, environment }: JudgedSide): readonly Manifest[] {
  if (!environment) return []
  const declared = manifestsIn(reader, files, environment)
  let manifests = inOneList.get(declared)
  if (!manifests) {
    manifests = declared.flatMap(file => file.manifests)
    inOneList.set(declared, manifests)
  }
  return manifests
}

/** The gate on one environment, and what it knows: the same for the page, a decision that is made and a pull request. */
export function judgeEnvironment(
  reader: WorkspaceReader,
  before: JudgedSide,
  after: JudgedSide,
  {
    edits,
    files,
    actor,
    now,
    budgets = [],
    latencies = [],
  }: {
    edits: readonly Edit[]
    files: readonly string[]
    actor: Identity | null
    now: number
    budgets?: readonly ServiceBudget[]
    latencies?: readonly KeptLatency[]
  },
): { readonly gate: Gate; readonly facts: GateFacts } {
  const change = {
    before: before.topology,
    after: after.topology,
    edits,
    files,
    workspace: workspaceFileOf(after.files),
    workspaceBefore: workspaceFileOf(before.files),
    environment: after.environment ?? before.environment ?? { id: after.topology.environment },
    actor,
    now,
    budgets,
    latencies,
    manifestsBefore: manifestsOf(reader, before),
    manifestsAfter: manifestsOf(reader, after),
    rulesBefore: workspaceRules(before.files),
    rulesAfter: workspaceRules(after.files),
  }
  const facts = gateFacts(change)
  return { gate: judgeChange(change, facts), facts }
}
