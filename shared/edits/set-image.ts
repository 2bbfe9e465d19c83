import { changeResource, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { imagePath } from './find-container.ts'

export const setImage = (files: Files, edit: EditOf<'set-image'>): EditOutcome =>
  changeResource(files, edit.resource, resource => [
    setField(imagePath(resource, edit.container), edit.image, { after: ['name'] }),
  ])
