import type { DecisionSummary } from '../../../shared/decisions/decision.ts'

/** What a link to a decision says: its id, the path of another tool's record, or the commit. */
export const linkTarget = ({ decisionId, records, id }: DecisionSummary): string =>
  decisionId ?? (records?.length === 1 ? records[0]!.path : id)
