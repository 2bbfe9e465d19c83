import { isRecordFile } from '../decisions/adr-place.ts'
import type { DecisionKind } from '../decisions/decision.ts'
import { type Message, translate } from '../messages/index.ts'
import { describeEdit, servicesOf } from './describe-edit.ts'
import type { Edit } from './edit.ts'
import type { FieldChange } from './edit-outcome.ts'

const longestTitle = 72

/**
 * A title for the commit, from what its edits do: all they do where that is short, else the first and how many more.
 * In English, as the history of a repository is read by all; the person may change it.
 */
export function suggestTitle(
  edits: readonly { readonly edit: Edit; readonly changes: readonly FieldChange[] }[],
): string {
  const applied = edits.filter(({ changes }) => changes.length > 0)
  const telling = applied.filter(({ edit }) => edit.kind !== 'set-position')
  const told = telling.length > 0 ? telling : applied
  const said = [
    ...new Set(
      told.map(({ edit, changes }) =>
        lowerFirst(translate('en', describeEdit(edit, { kind: 'applied', files: new Map(), changes }))),
      ),
    ),
  ]
  const [first] = said
  if (first === undefined) return ''
  const all = said.join(', ')
  if (said.length === 1 || all.length <= longestTitle) return shortened(all)
  const kinds = new Set(told.map(({ edit }) => edit.kind))
  const count = new Set(told.flatMap(({ edit }) => servicesOf(edit))).size
  const kind = kinds.size === 1 ? told[0]!.edit.kind : undefined
  const title: Message =
    kind === 'set-replicas'
      ? { key: 'edit.titleScaleMany', params: { count } }
      : kind === 'set-image'
        ? { key: 'edit.titleUpgradeMany', params: { count } }
        : { key: 'edit.titleAndMore', params: { first, count: said.length - 1 } }
  return shortened(translate('en', title))
}

const shortened = (title: string): string =>
  title.length <= longestTitle ? title : `${title.slice(0, longestTitle - 1).trimEnd()}…`

/** Titles begin in lower case, as commit subjects after a prefix do; a name in capitals stays as it is. */
const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

/** A value that names another service or machine: `cart:7070`, `http://cart/`, `redis-cart.shop.svc`. */
const address = /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+:\d+(?:[/,]|$)|\.svc(?:\.|:|$)/i

function kindOfEdit(edit: Edit): DecisionKind {
  if (edit.kind === 'set-file' && isRecordFile(edit.file)) return 'record'
  if (edit.kind === 'set-env')
    return edit.value && 'value' in edit.value && !address.test(edit.value.value) ? 'policy' : 'rewire'
  if (edit.kind === 'set-item' && /Policy$/.test(edit.resource.kind)) return 'policy'
  return kindOf[edit.kind]
}

const kindOf: { readonly [K in Edit['kind']]: DecisionKind } = {
  'set-replicas': 'scale',
  'set-autoscaling': 'scale',
  'set-resources': 'scale',
  'set-image': 'upgrade',
  'set-weight': 'traffic',
  'set-arguments': 'rewire',
  'set-env': 'rewire',
  'set-service-port': 'rewire',
  'add-service': 'rewire',
  'remove-service': 'rewire',
  'rename-service': 'rewire',
  'set-field': 'rewire',
  'set-item': 'rewire',
  'set-address': 'rewire',
  'add-object': 'rewire',
  'set-probe': 'policy',
  'set-metadata': 'policy',
  'set-file': 'policy',
  'set-position': 'record',
  'confirm-edge': 'record',
  'reject-edge': 'record',
  'declare-edge': 'record',
  'forget-edge': 'record',
}

/** What sort of decision the edits are: what most of them do; on a tie, what changes more of the system. */
export function suggestKind(edits: readonly Edit[]): DecisionKind {
  const telling = edits.filter(edit => edit.kind !== 'set-position')
  const order: readonly DecisionKind[] = ['rewire', 'upgrade', 'scale', 'traffic', 'place', 'policy']
  const counts = new Map<DecisionKind, number>()
  for (const edit of telling.length > 0 ? telling : edits)
    counts.set(kindOfEdit(edit), (counts.get(kindOfEdit(edit)) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  return order.find(kind => counts.get(kind) === most) ?? 'record'
}
