import type { WiringChange } from '../../../../shared/wiring/contract.ts'

/** A change of the wiring as it was begun on the graph; an end that is null is still to be chosen. */
export type WiringRequest =
  | { readonly kind: 'connect'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'disconnect'; readonly from: string; readonly to: string }
  | { readonly kind: 'repoint'; readonly from: string; readonly to: string; readonly next: string | null }
  | { readonly kind: 'insert'; readonly from: string; readonly to: string; readonly through: string | null }

/** The change, once every end is known and none is another. */
export function changeOf(request: WiringRequest): WiringChange | null {
  switch (request.kind) {
    case 'connect':
      return request.from === null || request.to === null || request.from === request.to
        ? null
        : { kind: 'connect', from: request.from, to: request.to }
    case 'disconnect':
      return request
    case 'repoint':
      return request.next === null ? null : { ...request, next: request.next }
    case 'insert':
      return request.through === null ? null : { ...request, through: request.through }
  }
}
