/** Labels by name, as Prometheus gives them. */
export type Labels = { readonly [name: string]: string }

/** `label="value"` with the value as PromQL quotes it. */
export const equals = (label: string, value: string): string =>
  `${label}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`

export const selector = (metric: string, matchers: readonly string[]): string =>
  matchers.length > 0 ? `${metric}{${matchers.join(',')}}` : metric

/** The Pods of a workload: Deployment (hash and suffix), DaemonSet (suffix), StatefulSet (ordinal). */
const podName = '(.+?)(?:-[a-f0-9]{6,10})?-(?:[bcdfghjklmnpqrstvwxz2456789]{5}|[0-9]{1,4})'
const anyPod = new RegExp(`^${podName}$`)

/**
 * Puts the workload of a Pod beside it, under `foldedName`: summed by that, percentiles are those of all its Pods. The
 * Pod's own label stays, so that no two series become the same one.
 */
export const withFolded = (expression: string, labels: readonly string[]): string =>
  labels.reduce(
    (inner, label) => `label_replace(${inner}, "${foldedName(label)}", "$1$2", "${label}", "${podName}|(.+)")`,
    expression,
  )
export const foldedName = (label: string): string => `folded_${label}`

/** Labels of a folded answer, by their own names again. */
export const unfolded = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name.replace(/^folded_/, ''), value]))

/** The workload's name in a Pod's; the name itself where it is none. */
export const workloadOfPod = (pod: string): string => anyPod.exec(pod)?.[1] ?? pod
