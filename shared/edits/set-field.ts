import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, sameValue, valueAt } from '../yaml/yaml-value.ts'
import { addressesInText, withAddress } from './address-in-text.ts'
import { changeResource, removal, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { pathIn } from './field-path.ts'

/** Puts a value at a place of any object; null takes it out. */
export const setAnyField = (files: Files, edit: EditOf<'set-field'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const path = pathIn(resource, edit.at)
    if (edit.value !== null) return [setField(path, edit.value)]
    return valueAt(resource, path) === undefined ? [] : [removal(resource, path, path.length - 1)]
  })

/** Sees to it that a list holds an item, or does not. A list that loses its last item stays, empty. */
export const setItem = (files: Files, edit: EditOf<'set-item'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const path = pathIn(resource, edit.at)
    const list = valueAt(resource, path)
    const items = isYamlList(list) ? list : []
    const index = items.findIndex(item => sameValue(item, edit.item))
    if (edit.present === index >= 0) return []
    if (!edit.present) return [{ op: 'delete', path: [...path, index] }]
    if (items.length === 0) return [setField(path, [edit.item])]
    return [{ op: 'insert', path, index: edit.first ? 0 : items.length, value: edit.item }]
  })

/** Leads an address to another host, in the form it is written in: scheme, credentials and path stay. */
export const setAddress = (files: Files, edit: EditOf<'set-address'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const path = pathIn(resource, edit.at)
    const text = valueAt(resource, path)
    if (typeof text !== 'string' || addressesInText(text, edit.host).length === 0) {
      if (typeof text === 'string' && addressesInText(text, edit.to).length > 0) return []
      throw new CannotEdit('wiring.addressGone', { host: edit.host, path: edit.at.join('.') })
    }
    const { host, to, port } = edit
    return [setField(path, withAddress(text, { host, to, ...(port !== undefined && { port }) }))]
  })
