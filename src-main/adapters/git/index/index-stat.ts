import type { BigIntStats } from 'node:fs'

/** What the index remembers of a file, cut to 32 bits as git does, so that an unchanged file need not be read. */
export type IndexStat = {
  readonly ctimeSeconds: number
  readonly ctimeNanoseconds: number
  readonly mtimeSeconds: number
  readonly mtimeNanoseconds: number
  readonly dev: number
  readonly ino: number
  readonly uid: number
  readonly gid: number
  readonly size: number
}

export const noStat: IndexStat = {
  ctimeSeconds: 0,
  ctimeNanoseconds: 0,
  mtimeSeconds: 0,
  mtimeNanoseconds: 0,
  dev: 0,
  ino: 0,
  uid: 0,
  gid: 0,
  size: 0,
}

const low32 = (value: bigint): number => Number(BigInt.asUintN(32, value))
const billion = 1_000_000_000n

/** From `lstat` with `bigint`. Git for Windows leaves device, inode and owners at 0. */
export function indexStat(stat: BigIntStats): IndexStat {
  const windows = process.platform === 'win32'
  return {
    ctimeSeconds: low32(stat.ctimeNs / billion),
    ctimeNanoseconds: low32(stat.ctimeNs % billion),
    mtimeSeconds: low32(stat.mtimeNs / billion),
    mtimeNanoseconds: low32(stat.mtimeNs % billion),
    dev: windows ? 0 : low32(stat.dev),
    ino: windows ? 0 : low32(stat.ino),
    uid: windows ? 0 : low32(stat.uid),
    gid: windows ? 0 : low32(stat.gid),
    size: low32(stat.size),
  }
}
