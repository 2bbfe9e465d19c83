import { app } from './app.ts'
import { audit } from './audit.ts'
import { budget } from './budget.ts'
import { cli } from './cli.ts'
import { cluster } from './cluster.ts'
import { compare } from './compare.ts'
import { decision } from './decision.ts'
import { delivery } from './delivery.ts'
import { dependency } from './dependency.ts'
import { draft } from './draft.ts'
import { drift } from './drift.ts'
import { edge } from './edge.ts'
import { edit } from './edit.ts'
import { error } from './error.ts'
import { explain } from './explain.ts'
import { finding } from './finding.ts'
import { fleet } from './fleet.ts'
import { git } from './git.ts'
import { gitops } from './gitops.ts'
import { grpc } from './grpc.ts'
import { health } from './health.ts'
import { helm } from './helm.ts'
import { history } from './history.ts'
import { host } from './host.ts'
import { kustomize } from './kustomize.ts'
import { landing } from './landing.ts'
import { live } from './live.ts'
import { metrics } from './metrics.ts'
import { page } from './page.ts'
import { record } from './record.ts'
import { result } from './result.ts'
import { rollout } from './rollout.ts'
import { rule } from './rule.ts'
import { sandbox } from './sandbox.ts'
import { scale } from './scale.ts'
import { topology } from './topology.ts'
import { transport } from './transport.ts'
import { wiring } from './wiring.ts'
import { workspace } from './workspace.ts'

/** Simplified Chinese, key for key. */
export const zh = {
  ...app,
  ...audit,
  ...error,
  ...workspace,
  ...git,
  ...grpc,
  ...health,
  ...gitops,
  ...helm,
  ...history,
  ...host,
  ...landing,
  ...transport,
  ...edit,
  ...explain,
  ...finding,
  ...topology,
  ...metrics,
  ...kustomize,
  ...dependency,
  ...draft,
  ...decision,
  ...rule,
  ...sandbox,
  ...scale,
  ...cli,
  ...page,
  ...cluster,
  ...live,
  ...rollout,
  ...drift,
  ...delivery,
  ...result,
  ...edge,
  ...fleet,
  ...compare,
  ...record,
  ...budget,
  ...wiring,
}
