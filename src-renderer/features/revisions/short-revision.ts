/** A revision as people read it: the first 8 digits of a whole commit id, any other name as it is. */
export const shortRevision = (revision: string): string =>
  /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 8) : revision
