import { imageReference } from '../../manifests/image-reference.ts'
import { type PackageSet, PackageSetBuilder } from '../package-set.ts'
import type { DependencyFile } from '../read-data.ts'

/** What an image is called and which of them it is: `latest` is meant by none. */
export function versionOfImage(image: string): { readonly name: string; readonly version: string } {
  const { repository, tag, digest } = imageReference(image)
  return { name: repository, version: [tag, digest].filter(Boolean).join('@') || 'latest' }
}

/** Images that manifests, compose files and values name, templates left out. */
export function imagesIn(text: string): string[] {
  return [...text.matchAll(/^\s*(?:-\s+)?["']?image["']?\s*:\s*["']?([^\s"'#{},]+)["']?\s*,?\s*(?:#.*)?$/gm)].map(
    ([, image]) => image!,
  )
}

/** Base images of a Dockerfile: stages of its own are none, and arguments have their defaults. */
export function baseImagesIn(text: string): string[] {
  const stages = new Set(['scratch'])
  const defaults = new Map<string, string>()
  const found: string[] = []
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, key, value] = /^\s*ARG\s+(\w+)=["']?([^\s"']+)/i.exec(line) ?? []
    if (key !== undefined && found.length === 0) defaults.set(key, value!)
    const [, image, stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? []
    if (image === undefined) continue
    const filled = image.replace(
      /\$\{?(\w+)(?::-([^}]*))?\}?/g,
      (whole, name: string, other?: string) => defaults.get(name) ?? other ?? whole,
    )
    if (!stages.has(filled.toLowerCase()) && !filled.includes('$')) found.push(filled)
    if (stage !== undefined) stages.add(stage.toLowerCase())
  }
  return found
}

export function readImages(
  manifests: readonly DependencyFile[],
  dockerfiles: readonly DependencyFile[],
): PackageSet | null {
  const files = [...manifests, ...dockerfiles]
  if (files.length === 0) return null
  const builder = new PackageSetBuilder('oci', files[0]!.path)
  builder.files.push(...files.slice(1).map(({ path }) => path))
  const add = (image: string, scope: 'runtime' | 'build'): void => {
    const { name, version } = versionOfImage(image)
    builder.require(name, builder.add(name, version), version, scope)
  }
  for (const { text } of manifests) for (const image of imagesIn(text)) add(image, 'runtime')
  for (const { text } of dockerfiles) for (const image of baseImagesIn(text)) add(image, 'build')
  return builder.packages.size > 0 ? builder.build() : null
}
