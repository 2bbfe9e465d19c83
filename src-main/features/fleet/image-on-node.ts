import type { EdgeNode } from '../../../shared/edge/read-edge.ts'
import { type ImageArchitectures, imageArchitectures } from '../../../shared/fleet/image-platforms.ts'
import type { Look } from '../../../shared/fleet/look.ts'
import { askNode, type Line } from './ask-node.ts'
import type { Prepared } from './prepare-release.ts'

/**
 * What the image of a service is made for, before anything of it is pulled: as its registry told this machine, else as
 * the node's own runtime knows it, which may reach registries and hold passwords that this machine has not. Null: nobody
 * could say; what the node pulls is then looked at before it is started.
 */
export async function imageMadeForOn(
  node: EdgeNode,
  connection: Line,
  look: Look,
  { service, imageMadeFor }: Prepared,
  signal: AbortSignal,
): Promise<ImageArchitectures> {
  const { image } = service.artifact
  if (image === undefined || imageMadeFor !== null) return imageMadeFor
  if (!look.tools.has('podman') && !look.tools.has('docker')) return null
  const to = { node: node.name, connection, isRoot: look.isRoot }
  for (const line of await askNode(to, 'image', [service.name, image], null, signal)) {
    const made = line.startsWith('told ') ? imageArchitectures(parsed(line.slice('told '.length))) : null
    if (made !== null) return made
  }
  return null
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // What a program of the node prints may be anything.
    return null
  }
}
