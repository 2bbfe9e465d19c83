import { app } from './app.ts'
import { cli } from './cli.ts'
import { decision } from './decision.ts'
import { dependency } from './dependency.ts'
import { draft } from './draft.ts'
import { edit } from './edit.ts'
import { error } from './error.ts'
import { git } from './git.ts'
import { health } from './health.ts'
import { helm } from './helm.ts'
import { host } from './host.ts'
import { kustomize } from './kustomize.ts'
import { page } from './page.ts'
import { sandbox } from './sandbox.ts'
import { metrics } from './metrics.ts'
import { topology } from './topology.ts'
import { transport } from './transport.ts'
import { wiring } from './wiring.ts'
import { workspace } from './workspace.ts'

/** The English catalogue: every sentence a person sees, by area. */
export const en = {
  ...app,
  ...error,
  ...workspace,
  ...git,
  ...health,
  ...helm,
  ...host,
  ...transport,
  ...edit,
  ...topology,
  ...kustomize,
  ...dependency,
  ...draft,
  ...decision,
  ...sandbox,
  ...metrics,
  ...cli,
  ...page,
  ...wiring,
} as const
