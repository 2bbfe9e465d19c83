import { nameWidth } from './name-width.ts'

/** Pixels at zoom 1: the name of a closed group fills most of its region, the counts below it have room. */
export const groupNameSize = (name: string, width: number, height: number): number =>
  Math.max(13, Math.min(height * 0.22, (width * 0.8) / Math.max(nameWidth(name), 1), 160))
