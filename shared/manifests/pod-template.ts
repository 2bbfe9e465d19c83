import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'

/** Kinds whose Pod template is not at the usual `spec.template`. */
const unusual: { readonly [kind: string]: YamlPath } = {
  Pod: [],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  PodTemplate: ['template'],
}

/**
 * Path of an object's Pod template: built-in workloads, and every kind with `spec.template.spec.containers` (Argo
 * Rollout, Knative Service, OpenShift DeploymentConfig …; patches of them too). Undefined for what has none.
 */
export function podTemplatePath(resource: YamlMap): YamlPath | undefined {
  const path = unusual[String(resource['kind'])] ?? ['spec', 'template']
  const spec = valueAt(resource, [...path, 'spec'])
  if (!isYamlMap(spec)) return undefined
  return isYamlList(spec['containers']) || isYamlList(spec['initContainers']) ? path : undefined
}

/** Labels of a map of texts; numbers and booleans, which Kubernetes refuses there, as they are written. */
export function textMap(value: unknown): { readonly [key: string]: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (typeof item === 'object' ? [] : [[key, String(item)]])),
  )
}
