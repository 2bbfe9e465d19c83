import { readWaiver, type Waiver } from '../gate/waiver.ts'
import { splitTrailers } from './trailers.ts'

/** The waivers that a commit message records in its trailers `Decision-Waiver`. */
export const readWaivers = (message: string): readonly Waiver[] =>
  splitTrailers(message).trailers.flatMap(({ key, value }) => {
    const waiver = key.toLowerCase() === 'decision-waiver' ? readWaiver(value) : null
    return waiver ? [waiver] : []
  })
