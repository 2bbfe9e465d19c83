import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Edit } from '../../../shared/edits/edit.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Picture, PictureState, Thing } from './picture.ts'
import type { WiringRequest } from './wiring/wiring-request.ts'

export type DialogRequest =
  | { readonly kind: 'add'; readonly like: string | null }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'rename'; readonly id: string }
  | { readonly kind: 'wire'; readonly request: WiringRequest }
  | { readonly kind: 'sketch' }

/** What every part of the screen may do. The same object while workspace, environment and revision stay. */
export type TopologyActions = {
  readonly picture: Picture
  readonly workspace: string
  readonly environment: string
  /** An older commit is shown: nothing can be changed. */
  readonly readOnly: boolean
  readonly revision: string | null
  /** Adds edits to the draft as one step; false when that failed (the person has been told). */
  edit(...edits: readonly Edit[]): Promise<boolean>
  /** Takes edits out of the draft. */
  discard(...ids: readonly string[]): Promise<boolean>
  select(thing: Thing | null): void
  /** Opens a file in the inspector of the selected thing. */
  openManifest(file: string, line: number | null): void
  openDialog(dialog: DialogRequest): void
  readonly rewire?: (request: WiringRequest) => void
}

/** What the canvas needs: also where it is a picture beside other things, and nothing can be opened from it. */
export type CanvasActions = Pick<TopologyActions, 'picture' | 'environment' | 'readOnly' | 'edit' | 'select'> & {
  /** Begins a change of who calls whom; absent where nothing can be changed. */
  readonly rewire?: (request: WiringRequest) => void
  /** What came and what went, where it is of another point rather than added or removed. */
  readonly apart?: ApartWords
}
/** On the things themselves; nothing is struck out then. */
export type ApartWords = { readonly added: MessageKey; readonly removed: MessageKey }

export const CanvasContext = createContext<CanvasActions | null>(null)

export function useCanvas(): CanvasActions {
  const value = useContext(CanvasContext)
  if (!value) throw new Error('useCanvas outside CanvasContext')
  return value
}

/** Goes together with a `CanvasContext` of the same actions. */
export const TopologyContext = createContext<TopologyActions | null>(null)

export function useTopology(): TopologyActions {
  const value = useContext(TopologyContext)
  if (!value) throw new Error('useTopology outside TopologyContext')
  return value
}

/** A part of how the picture looks; the component is drawn again only when that part changes. */
export const usePicture = <T>(select: (state: PictureState) => T): T => useStore(useCanvas().picture.store, select)
