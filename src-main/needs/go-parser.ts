import type { GoFile } from '../../shared/topology/source/go-syntax.ts'

/** Reads Go source by its syntax. What cannot be parsed is passed over; no text makes it fail. */
export type ParseGo = (text: string) => Promise<GoFile>
