import { clusters } from '../clusters/contract.ts'
import { compare } from '../compare/contract.ts'
import { decisions } from '../decisions/contract.ts'
import { delivery } from '../delivery/contract.ts'
import { dependencies } from '../dependencies/contract.ts'
import { draft } from '../draft/contract.ts'
import { drift } from '../drift/contract.ts'
import { edge } from '../edge/contract.ts'
import { fleet } from '../fleet/contract.ts'
import { host } from '../host/contract.ts'
import { metrics } from '../metrics/contract.ts'
import { rollouts } from '../rollouts/contract.ts'
import { rules } from '../rules/contract.ts'
import { topology } from '../topology/contract.ts'
import { wiring } from '../wiring/contract.ts'
import { workspaces } from '../workspaces/contract.ts'
import type { Client } from './define.ts'

/** Everything a page, a script or the command line may ask of the core. */
export const contract = {
  clusters,
  workspaces,
  topology,
  wiring,
  metrics,
  delivery,
  dependencies,
  compare,
  draft,
  drift,
  edge,
  fleet,
  decisions,
  rollouts,
  rules,
  host,
}
export type AppContract = typeof contract
export type Api = Client<AppContract>
