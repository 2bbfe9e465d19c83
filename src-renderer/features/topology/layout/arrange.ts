import { dotSource, fitsGraphviz, positionsFromPlain } from './dot-source.ts'
import { layOutGroups } from './group-regions.ts'
import { layered, screenShape } from './layered/layered.ts'
import type { Point } from './measures.ts'
import type { Structure } from './structure.ts'

/** Graphviz, as far as it is needed: text in, text out. */
export type Dot = (source: string) => string

/**
 * Says where the nodes of a structure stand: small ones as Graphviz has them, larger ones in layers of our own, groups
 * each in its region.
 *
 * @param dot null where Graphviz could not be loaded
 */
export function arrange(structure: Structure, dot: Dot | null): Map<string, Point> {
  if (structure.groups) return layOutGroups(structure, layered, screenShape)
  if (dot === null || !fitsGraphviz(structure)) return layered(structure)
  return positionsFromPlain(dot(dotSource(structure)), structure)
}

export const needsGraphviz = (structure: Structure): boolean => !structure.groups && fitsGraphviz(structure)
