import { unifiedDiff } from '../draft/unified-diff.ts'
import type { Architecture } from '../edge/edge-schema.ts'
import type { EdgeNode } from '../edge/read-edge.ts'
import type { Message } from '../messages/index.ts'
import { canRun } from './architecture.ts'
import { type ImageArchitectures, imageRunsOn } from './image-platforms.ts'
import type { Look, ServiceLook } from './look.ts'
import type { Release } from './release.ts'

/**
 * What a node needs: nothing; the service for the first time; another release; the same one put right after somebody
 * changed it by hand; or it cannot be done there, and why.
 */
export type PlanKind = 'same' | 'install' | 'update' | 'repair' | 'refused'
export type PlannedFile = {
  readonly path: string
  readonly change: 'added' | 'removed' | 'changed' | 'drifted'
  /** Short SHA-256 before and after, with the permissions: `3f2a… 644`. */
  readonly before?: string
  readonly after?: string
}
export type NodePlan = {
  readonly node: string
  readonly service: string
  readonly kind: PlanKind
  readonly from: { readonly digest: string; readonly version: string | null } | null
  readonly to: { readonly digest: string; readonly version: string | null }
  readonly files: readonly PlannedFile[]
  /** The unit as a patch; empty where it stays. */
  readonly unit: string
  /** Why it cannot be done, or what else should be known: a change that waits, the last one that was put back. */
  readonly notes: readonly Message[]
}

/** What a release is made for, as far as its files say. */
export type ReleasePrograms = readonly { readonly path: string; readonly architecture: Architecture | number }[]

/** Desired against actual for one service on one node. Asks nothing: it needs what the node said. */
export function planNode(
  node: EdgeNode,
  release: Release,
  programs: ReleasePrograms,
  look: Look,
  imageMadeFor: ImageArchitectures = null,
): NodePlan {
  const there = look.services.get(release.service)
  const refusal = refusalOf(node, release, programs, look) ?? imageRefusal(node, release, look, imageMadeFor)
  const isCurrent = there?.current === release.digest
  const drifted = there ? driftedFiles(there) : []
  const from = there?.current ? { digest: there.current, version: there.version } : null
  const files = [...changedFiles(release, there), ...drifted]
  const kind = refusal
    ? 'refused'
    : !from
      ? 'install'
      : !isCurrent
        ? 'update'
        : drifted.length > 0 || !there?.linked || there.active === 'inactive' || there.active === 'failed'
          ? 'repair'
          : 'same'
  return {
    node: node.name,
    service: release.service,
    kind,
    from,
    to: { digest: release.digest, version: release.version ?? null },
    files,
    unit: unifiedDiff([
      { path: `${release.service}.service`, before: there?.unit ? there.unit : null, after: release.unit },
    ]),
    notes: [...(refusal ? [refusal] : []), ...(there ? notesOf(there, release, look) : [])],
  }
}

/** What forbids it before anything is sent. */
function refusalOf(node: EdgeNode, release: Release, programs: ReleasePrograms, look: Look): Message | null {
  const { architecture } = look
  if (look.systemd === null) return { key: 'fleet.noSystemd', params: { node: node.name } }
  if (node.architecture !== undefined && architecture !== null && node.architecture !== architecture)
    return {
      key: 'fleet.otherMachine',
      params: { node: node.name, declared: node.architecture, actual: look.machine, file: node.file, line: node.line },
    }
  const wrong = programs.find(({ architecture: made }) =>
    typeof made === 'number' ? true : architecture === null || !canRun(architecture, made),
  )
  if (wrong) {
    const made = typeof wrong.architecture === 'number' ? `ELF ${wrong.architecture}` : wrong.architecture
    return {
      key: 'fleet.wrongArchitecture',
      params: { path: wrong.path, made, node: node.name, machine: look.machine },
    }
  }
  if (release.image !== undefined && !look.tools.has('podman') && !look.tools.has('docker'))
    return { key: 'fleet.noRuntime', params: { node: node.name } }
  const missing = ['gzip', 'sha256sum', 'systemd-run', 'readlink', 'tail', 'head'].filter(tool => !look.tools.has(tool))
  if (missing.length > 0) return { key: 'fleet.noTool', params: { node: node.name, tool: missing.join(', ') } }
  return null
}

function imageRefusal(node: EdgeNode, { image }: Release, look: Look, made: ImageArchitectures): Message | null {
  if (image === undefined || made === null || imageRunsOn(made, look.architecture)) return null
  return {
    key: 'fleet.wrongImage',
    params: { image, made: made.join(', '), node: node.name, machine: look.machine },
  }
}

const short = ({ sha256, mode }: { readonly sha256: string; readonly mode: string }): string =>
  `${sha256.slice(0, 12)} ${mode}`

function changedFiles(release: Release, there: ServiceLook | undefined): readonly PlannedFile[] {
  const before = new Map((there?.files ?? []).map(file => [file.path, file]))
  const after = new Map(release.files.map(file => [file.path, file]))
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path): PlannedFile[] => {
    const [old, next] = [before.get(path), after.get(path)]
    if (!old) return [{ path, change: 'added', after: short(next!) }]
    if (!next) return [{ path, change: 'removed', before: short(old) }]
    return short(old) === short(next) ? [] : [{ path, change: 'changed', before: short(old), after: short(next) }]
  })
}

/** Files of the current release that are not what it was made of. */
const driftedFiles = ({ files }: ServiceLook): readonly PlannedFile[] =>
  files.flatMap(({ path, sha256, mode, actual }): PlannedFile[] =>
    actual === sha256
      ? []
      : [
          {
            path,
            change: 'drifted',
            ...(actual !== null && { before: short({ sha256: actual, mode }) }),
            after: short({ sha256, mode }),
          },
        ],
  )

function notesOf(there: ServiceLook, release: Release, look: Look): readonly Message[] {
  const notes: Message[] = []
  if (there.pending) notes.push({ key: 'fleet.notePending', params: { digest: there.pending.digest.slice(0, 12) } })
  if (there.reverted?.digest === release.digest)
    notes.push({
      key: 'fleet.noteReverted',
      params: { at: new Date(there.reverted.at * 1000).toISOString(), reason: there.reverted.reason },
    })
  const needed = release.files.reduce((sum, { size }) => sum + size, 0) / 1024
  if (there.current !== release.digest && needed * 2 > look.freeKb)
    notes.push({ key: 'fleet.noteLittleSpace', params: { needed: Math.ceil(needed * 2), free: look.freeKb } })
  return notes
}

/** Services that lie on a node and that nothing declares there (any more). */
export const undeclared = (look: Look, declared: readonly string[]): readonly string[] =>
  look.found.filter(name => !declared.includes(name)).sort()
