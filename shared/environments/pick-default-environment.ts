import type { Environment } from '../topology/topology.ts'

/**
 * The one to show first: no test or example, if there is another; most workloads; among equals the one least deep, then
 * one that is written as it is over one that is built, then the one in more files (one object a file is what people
 * edit, everything in one file is often generated), then the shorter path. Undefined for none.
 */
export const pickDefaultEnvironment = (environments: readonly Environment[]): Environment | undefined =>
  environments.reduce<Environment | undefined>((best, next) => (best && !isBetter(next, best) ? best : next), undefined)

function isBetter(a: Environment, b: Environment): boolean {
  if (isAside(a) !== isAside(b)) return isAside(b)
  if (a.workloads !== b.workloads) return a.workloads > b.workloads
  if (depth(a) !== depth(b)) return depth(a) < depth(b)
  if (a.kind !== b.kind) return a.kind === 'folder'
  if (a.files.length !== b.files.length) return a.files.length > b.files.length
  if (a.path.length !== b.path.length) return a.path.length < b.path.length
  return a.id < b.id
}

const depth = (environment: Environment): number => (environment.path === '.' ? 0 : environment.path.split('/').length)
const isAside = (environment: Environment): boolean =>
  environment.path.split('/').some(part => /^(e2e|examples?|fixtures?|testdata|tests?)$/i.test(part))
