import { versionOfImage } from './formats/images.ts'
import { type PackageSet, PackageSetBuilder } from './package-set.ts'

/** The images a workload runs, as a set of its own. */
export function imageSet(service: string, images: readonly string[], file: string): PackageSet {
  const builder = new PackageSetBuilder('oci', file)
  builder.roots.add(service)
  for (const image of images) {
    const { name, version } = versionOfImage(image)
    const id = builder.add(name, version)
    builder.require(name, id, version)
    builder.edge(service, id)
  }
  return builder.build()
}
