import type { Library } from '../../../shared/dependencies/overview.ts'

/** Is a library there in several versions, in one service or across them? Which services differ by comes first. */
export const isApart = ({ versions }: Library): boolean => versions.length > 1
