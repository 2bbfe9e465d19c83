import type { Environment } from '../topology/topology.ts'
import { environmentInPath, isEnvironmentWord, isProduction } from './environment-word.ts'

/**
 * The one to show first: no test or example, if there is another; of those with nearly the most workloads the one that
 * production is called, or one that says no environment; then the most workloads; among equals one that is not
 * approximate, the one least deep, then one that is written as it is over one that is built, then the one in more files
 * (one object a file is what people edit, everything in one file is often generated), then the shorter path. Undefined
 * for none.
 */
export function pickDefaultEnvironment(environments: readonly Environment[]): Environment | undefined {
  const running = environments.filter(environment => environment.workloads > 0)
  const proper =
    [running.filter(environment => !isAside(environment)), running].find(some => some.length > 0) ?? environments
  const most = Math.max(...proper.map(environment => environment.workloads))
  return proper
    .filter(environment => environment.workloads * 10 >= most * 7)
    .reduce<Environment | undefined>((best, next) => (best && !isBetter(next, best) ? best : next), undefined)
}

function isBetter(a: Environment, b: Environment): boolean {
  if (rank(a) !== rank(b)) return rank(a) > rank(b)
  if (a.workloads !== b.workloads) return a.workloads > b.workloads
  if (a.approximate !== b.approximate) return b.approximate === true
  if (depth(a) !== depth(b)) return depth(a) < depth(b)
  if (a.kind !== b.kind && (a.kind === 'folder' || b.kind === 'folder')) return a.kind === 'folder'
  if (a.files.length !== b.files.length) return a.files.length > b.files.length
  if (a.path.length !== b.path.length) return a.path.length < b.path.length
  return a.id < b.id
}

/** What people run for their customers is what they want to see; a name of another environment says it is not that. */
function rank({ id, name, kind, path }: Environment): number {
  const said = kind === 'folder' ? (environmentInPath(path) ?? '') : (name ?? '')
  if (isProduction(said)) return 2
  return said !== '' && (isEnvironmentWord(said) || id.includes('@')) ? 0 : 1
}

const depth = (environment: Environment): number => (environment.path === '.' ? 0 : environment.path.split('/').length)
const isAside = (environment: Environment): boolean =>
  environment.path.split('/').some(part => /^(e2e|examples?|fixtures?|testdata|tests?)$/i.test(part))
