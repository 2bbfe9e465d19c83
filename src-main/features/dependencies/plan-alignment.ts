import type { Alignment } from '../../../shared/dependencies/contract.ts'
import { versionOfImage } from '../../../shared/dependencies/formats/images.ts'
import type { Library } from '../../../shared/dependencies/overview.ts'
import { updateCommand } from '../../../shared/dependencies/update-command.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import type { Container } from '../../../shared/topology/topology.ts'
import type { WorkspaceSets } from './read-workspace-sets.ts'

/**
 * What brings a library to one version everywhere: edits of the images that manifests name, which are complete, and for
 * what a package manager keeps the command to run in each folder.
 */
export function planAlignment(library: Library, version: string, { sets, topology }: WorkspaceSets): Alignment {
  const edits: Edit[] = []
  if (library.ecosystem === 'oci')
    for (const { resource, containers, versions } of topology?.nodes ?? []) {
      const parts: { readonly resource: typeof resource; readonly containers: readonly Container[] }[] = [
        { resource, containers: containers ?? [] },
        ...(versions ?? []),
      ]
      for (const part of parts)
        for (const { name, image } of part.containers) {
          const now = versionOfImage(image)
          if (!part.resource || now.name !== library.name || now.version === version) continue
          // A version that is only a digest follows an `@`, any other a colon.
          const to = `${now.name}${/^sha(256|512):/.test(version) ? '@' : ':'}${version}`
          edits.push({ kind: 'set-image', resource: part.resource, container: name, image: to })
        }
    }
  const commands = library.versions
    .filter(each => each.version !== version)
    .flatMap(each => each.uses.map(use => ({ ...use, old: each.version })))
    .flatMap(({ folder, direct, old }) => {
      const owner = sets.find(
        placed => placed.folder === folder && placed.set.ecosystem === library.ecosystem && placed.of === undefined,
      )
      if (!owner) return []
      const { files } = owner.set
      const command = updateCommand(library.ecosystem, files, { name: library.name, old, version, direct })
      return command === null ? [] : [{ folder, services: owner.services, command }]
    })
  return {
    version,
    edits,
    commands: [...new Map(commands.map(each => [`${each.folder} ${each.command}`, each])).values()],
  }
}
