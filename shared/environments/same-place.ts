import { type Manifest, type ManifestFile, objectAt } from '../manifests/manifest.ts'
import { identityOf, isWorkload, podTemplatePath } from '../topology/workload.ts'

/**
 * True when replacing one text of a file by another cannot change which environments there are: it declares the same
 * objects with the same labels, and whatever chooses others by their labels is the same to the letter. An edit of a
 * field is that, so a draft of one field does not look at every file of a large workspace again.
 */
export function samePlace(a: ManifestFile | undefined, b: ManifestFile | undefined): boolean {
  // A file that comes or goes says nothing where it declares nothing: a record, a snapshot, a layout.
  if (!a || !b) return declaresNothing(a ?? b) && !mayBeValues(a ?? b)
  if (a.path !== b.path || a.role !== b.role || a.manifests.length !== b.manifests.length) return false
  if (a.manifests.length === 0 && mayBeValues(a)) return false
  if (JSON.stringify(a.kustomization) !== JSON.stringify(b.kustomization)) return false
  if (JSON.stringify(a.findings) !== JSON.stringify(b.findings)) return false
  return a.manifests.every((one, index) => {
    const other = b.manifests[index]!
    if (identityOf(one) !== identityOf(other)) return false
    if (isBehind(one)) return true
    if (!isWorkload(one)) return JSON.stringify(one.value) === JSON.stringify(other.value)
    const labels = (manifest: typeof one): string =>
      JSON.stringify([
        objectAt(manifest.value, 'metadata', 'labels'),
        objectAt(manifest.value, ...(podTemplatePath(manifest) ?? []), 'metadata', 'labels'),
      ])
    return labels(one) === labels(other)
  })
}

/** What only leads to others counts by its name alone. */
const isBehind = ({ kind, group }: Manifest): boolean =>
  (kind === 'Service' && group === '') || (kind === 'Ingress' && group === 'networking.k8s.io')

/** Charts, helmfiles and ApplicationSets make of such files what they please. */
const mayBeValues = (file: ManifestFile | undefined): boolean =>
  file !== undefined &&
  ['other', 'chart', 'template'].includes(file.role) &&
  !/^(decisions|\.pilothouse)\/|^pilothouse\.yaml$/.test(file.path)

const declaresNothing = (file: ManifestFile | undefined): boolean =>
  file === undefined || (file.manifests.length === 0 && file.findings.length === 0 && file.kustomization === undefined)
