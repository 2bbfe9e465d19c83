import { isObject } from '../manifests/manifest.ts'
import {
  type Condition,
  conditionsOf,
  countAt,
  degraded,
  type Health,
  healthy,
  type LiveObject,
  progressing,
  unknown,
} from './health.ts'

/**
 * Health of a kind nobody has a rule for, by the conventions of conditions: `observedGeneration`, `Reconciling` and
 * `Stalled` as in kstatus, then `Ready`, `Available` and their like, then conditions that are bad when true.
 */
export function conditionHealth(object: LiveObject): Health {
  const conditions = conditionsOf(object)
  const generation = countAt(object, ['metadata', 'generation'], 0)
  if (countAt(object, ['status', 'observedGeneration'], generation) < generation)
    return progressing('Waiting for the latest change to be observed')
  const at = (types: RegExp, status: string) =>
    conditions.find(condition => types.test(condition.type) && condition.status === status)

  const stalled = at(/^(Stalled|Failed|Failure|Degraded|Error|ErrorOccurred|.*(Failed|Failure|Error))$/, 'True')
  if (stalled) return degraded(say(stalled))
  const busy = at(/^(Reconciling|Progressing|Issuing|Updating|Upgrading|Provisioning|Creating|Deleting)$/, 'True')
  const good = /^(Ready|Available|Healthy|Established|Accepted|Programmed|Synced|Succeeded|Complete|Completed|Running)$/
  const bad = at(good, 'False')
  // `Progressing: True` with `Available: True` is how a Deployment rests.
  if (busy && (busy.type !== 'Progressing' || bad || !at(good, 'True'))) return progressing(say(busy))
  if (bad)
    return /progress|pending|wait|creating|provisioning|starting|initiali[sz]/i.test(bad.reason)
      ? progressing(say(bad))
      : degraded(say(bad))
  const well = at(good, 'True')
  if (well) return healthy(well.message || well.reason)
  const open = conditions.find(({ status }) => status === 'Unknown')
  if (open) return progressing(say(open))
  if (isObject(object['status']) && Object.keys(object['status']).length > 0)
    return unknown('Its status has no condition that says how it does')
  return unknown('It has no status')
}

const say = ({ type, reason, message }: Condition): string => message || reason || type
